package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.TopicRecord;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What could not be processed, by reference: where it is, what it was and why, never its bytes.
 *
 * @param source the stream or clip; its id is {@code unknown} where the record named none
 * @param position the record it is about; null for a clip that came by upload
 * @param sha256 of the bytes, lower-case hex; empty where they were never all seen
 */
public record DeadLetter(
    Answer.Source source,
    Cause cause,
    @Nullable RecordPosition position,
    long sizeBytes,
    String sha256,
    Instant time) {
  public static final String TYPE = "dev.densestream.dead-letter.v1";

  public DeadLetter {
    requireNonNull(source, "source is null");
    requireNonNull(cause, "cause is null");
    requireNonNull(sha256, "sha256 is null");
    requireNonNull(time, "time is null");
  }

  /** Stable code, one sentence for a person, and how the decoder's process ended if it did. */
  public record Cause(
      String code, String detail, @Nullable Integer exitCode, @Nullable Integer signal) {
    public Cause {
      requireNonNull(code, "code is null");
      requireNonNull(detail, "detail is null");
    }

    public static Cause of(String code, String detail) {
      return new Cause(code, detail, null, null);
    }

    public static Cause of(MediaRefusal refusal) {
      return new Cause(
          refusal.code().text(),
          refusal.detail(),
          refusal.exitCode().isPresent() ? refusal.exitCode().getAsInt() : null,
          refusal.signal().isPresent() ? refusal.signal().getAsInt() : null);
    }
  }

  public byte[] toJson() {
    ObjectNode json = JsonFields.newObject();
    json.put(source.kind().text(), source.id());
    json.put("code", cause.code).put("detail", cause.detail);
    if (cause.exitCode != null) {
      json.put("exitCode", cause.exitCode);
    }
    if (cause.signal != null) {
      json.put("signal", cause.signal);
    }
    if (position != null) {
      json.putObject("input")
          .put("topic", position.topic())
          .put("partition", position.partition())
          .put("offset", position.offset());
    }
    json.put("sizeBytes", sizeBytes).put("sha256", sha256).put("time", time.toString());
    return JsonFields.bytes(json);
  }

  /** The record of the dead-letter topic: JSON value, CloudEvents attributes as headers. */
  public TopicRecord toRecord(String topic) {
    return new TopicRecord(
        topic,
        source.id(),
        toJson(),
        Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id(),
            "ce_source",
            source.path(),
            "ce_type",
            TYPE,
            "ce_time",
            time.toString(),
            "ce_dataschema",
            "/schemas/dead-letter.json",
            "content-type",
            "application/json"));
  }

  private String id() {
    return position == null ? source.kind().text() + "-" + source.id() : position.eventId();
  }
}
