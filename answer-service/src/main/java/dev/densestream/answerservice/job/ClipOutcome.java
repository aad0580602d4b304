package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.TopicRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a clip's job ended: {@code /schemas/clip-outcome.json}. Written in one transaction with the
 * job's terminal records, so that whoever is given the job once more knows that they are out.
 *
 * @param state {@code done} or {@code failed}
 * @param failure why, where it failed
 * @param texts captions or answers that were written
 */
public record ClipOutcome(
    String clip,
    ClipStatus.State state,
    ClipStatus.@Nullable Failure failure,
    int texts,
    Instant time) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  public ClipOutcome {
    requireNonNull(clip, "clip is null");
    requireNonNull(state, "state is null");
    requireNonNull(time, "time is null");
    if (!state.last() || (state == ClipStatus.State.FAILED) != (failure != null)) {
      throw new IllegalArgumentException("a job ends as done, or as failed with a failure");
    }
  }

  public static ClipOutcome done(String clip, int texts, Instant time) {
    return new ClipOutcome(clip, ClipStatus.State.DONE, null, texts, time);
  }

  public static ClipOutcome failed(String clip, ClipStatus.Failure why, Instant time) {
    return new ClipOutcome(clip, ClipStatus.State.FAILED, why, 0, time);
  }

  /** Reads {@link #toJson}; unknown fields are left to newer readers. */
  public static ClipOutcome parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException("a clip outcome is at most " + MAX_BYTES + " bytes");
    }
    try {
      var root = MAPPER.readTree(json);
      var failure = root.path("failure");
      return new ClipOutcome(
          root.path("clip").asString(""),
          ClipStatus.State.of(root.path("state").asString("")),
          failure.isObject()
              ? new ClipStatus.Failure(
                  failure.path("code").asString(""), failure.path("detail").asString(""))
              : null,
          root.path("texts").asInt(0),
          Instant.parse(root.path("time").asString("")));
    } catch (JacksonException | DateTimeException e) {
      throw new IllegalArgumentException("a clip outcome must be one JSON object of its schema", e);
    }
  }

  public byte[] toJson() {
    var root = MAPPER.createObjectNode();
    root.put("clip", clip).put("state", state.text());
    if (failure != null) {
      root.putObject("failure").put("code", failure.code()).put("detail", failure.detail());
    }
    root.put("texts", texts).put("time", time.toString());
    return MAPPER.writeValueAsBytes(root);
  }

  TopicRecord toRecord(String topic) {
    return new TopicRecord(topic, clip, toJson(), Map.of("content-type", "application/json"));
  }

  /** The last status of a job that ended so. */
  ClipStatus of(ClipStatus before) {
    double fraction = state == ClipStatus.State.DONE ? 1 : before.progress().fraction();
    var progress = new ClipStatus.Progress(fraction, before.progress().frames(), texts);
    return before.with(state, progress, failure);
  }
}
