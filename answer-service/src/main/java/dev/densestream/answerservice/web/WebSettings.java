package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of the HTTP side. The size of a clip is bounded by the store that takes it: {@code
 * densestream.clips.max-bytes}.
 *
 * @param maxJson of a JSON body under {@code /api}
 * @param maxChat of a JSON body under {@code /v1}, pictures and videos included
 * @param maxChats chat requests under way at the same time, from before their body is read
 * @param maxUploads clips received at the same time
 * @param maxReaders answer streams held open at the same time
 * @param heartbeat pause between comments on an idle event stream
 * @param bodyIdle pause after which a request body that sends nothing is given up
 */
@ConfigurationProperties("densestream.web")
public record WebSettings(
    @DefaultValue("64KB") DataSize maxJson,
    @DefaultValue("64MB") DataSize maxChat,
    @DefaultValue("32") int maxChats,
    @DefaultValue("4") int maxUploads,
    @DefaultValue("64") int maxReaders,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("30s") Duration bodyIdle) {
  public WebSettings {
    requireNonNull(maxJson, "maxJson is null");
    requireNonNull(maxChat, "maxChat is null");
    requireNonNull(heartbeat, "heartbeat is null");
    requireNonNull(bodyIdle, "bodyIdle is null");
    if (maxChats < 1) {
      throw new IllegalArgumentException("maxChats must be >= 1: was " + maxChats);
    }
    if (maxUploads < 1) {
      throw new IllegalArgumentException("maxUploads must be >= 1: was " + maxUploads);
    }
    if (maxReaders < 1) {
      throw new IllegalArgumentException("maxReaders must be >= 1: was " + maxReaders);
    }
  }

  /** Of a body under {@code /api}. */
  public JsonBody.Limits json() {
    return new JsonBody.Limits(maxJson, bodyIdle);
  }

  /** Of a body under {@code /v1}. */
  public JsonBody.Limits chat() {
    return new JsonBody.Limits(maxChat, bodyIdle);
  }
}
