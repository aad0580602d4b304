package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.VisualBudget;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be done with one clip: the value of a record of the clips topic, {@code
 * /schemas/clip-job.json}. The clip itself stays where it is stored.
 *
 * @param clip id of the clip, and of the job
 * @param question asked about the whole clip; null asks for captions
 * @param windowMillis media time per caption
 * @param maxTokens at most so many tokens per text
 * @param maxVisualTokens at most so many visual tokens per text; {@link VisualBudget#UNBOUNDED} for
 *     as many as the model is meant to see
 * @param round 1 at first; one more each time the job is queued anew
 */
public record ClipJob(
    String clip,
    @Nullable String question,
    int windowMillis,
    int maxTokens,
    int maxVisualTokens,
    Instant acceptedAt,
    int round) {
  public static final int DEFAULT_WINDOW_MILLIS = 10_000;
  public static final int DEFAULT_MAX_TOKENS = 64;
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_QUESTION = 4000;
  private static final int MAX_TOKENS = 4096;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  public ClipJob {
    requireNonNull(clip, "clip is null");
    requireNonNull(acceptedAt, "acceptedAt is null");
    if (!clip.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("clip must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (question != null && (question.isBlank() || question.length() > MAX_QUESTION)) {
      throw new IllegalArgumentException(
          "question must be 1 to " + MAX_QUESTION + " characters: was " + question.length());
    }
    if (windowMillis < 100 || windowMillis > 3_600_000) {
      throw new IllegalArgumentException(
          "windowMillis must be 100 to 3600000: was " + windowMillis);
    }
    if (maxTokens < 1 || maxTokens > MAX_TOKENS) {
      throw new IllegalArgumentException(
          "maxTokens must be 1 to " + MAX_TOKENS + ": was " + maxTokens);
    }
    if (maxVisualTokens < 1) {
      throw new IllegalArgumentException("maxVisualTokens must be >= 1: was " + maxVisualTokens);
    }
    if (round < 1) {
      throw new IllegalArgumentException("round must be >= 1: was " + round);
    }
  }

  /** A job as it is accepted, with no bound on visual tokens. */
  public ClipJob(
      String clip, @Nullable String question, int windowMillis, int maxTokens, Instant acceptedAt) {
    this(clip, question, windowMillis, maxTokens, VisualBudget.UNBOUNDED, acceptedAt, 1);
  }

  /** Reads {@link #toJson}; unknown fields are left to newer readers. */
  public static ClipJob parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException("a clip job is at most " + MAX_BYTES + " bytes");
    }
    try {
      JsonNode root = MAPPER.readTree(json);
      return new ClipJob(
          root.path("clip").asString(""),
          root.path("question").isString() ? root.path("question").stringValue() : null,
          root.path("windowMillis").asInt(DEFAULT_WINDOW_MILLIS),
          root.path("maxTokens").asInt(DEFAULT_MAX_TOKENS),
          root.path("maxVisualTokens").asInt(VisualBudget.UNBOUNDED),
          Instant.parse(root.path("acceptedAt").asString("")),
          root.path("round").asInt(1));
    } catch (JacksonException | DateTimeException e) {
      throw new IllegalArgumentException("a clip job must be one JSON object of its schema", e);
    }
  }

  /** The same job, queued anew. */
  ClipJob again() {
    return new ClipJob(
        clip, question, windowMillis, maxTokens, maxVisualTokens, acceptedAt, round + 1);
  }

  public byte[] toJson() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("clip", clip);
    if (question != null) {
      root.put("question", question);
    }
    root.put("windowMillis", windowMillis).put("maxTokens", maxTokens);
    if (maxVisualTokens != VisualBudget.UNBOUNDED) {
      root.put("maxVisualTokens", maxVisualTokens);
    }
    root.put("acceptedAt", acceptedAt.toString()).put("round", round);
    return MAPPER.writeValueAsBytes(root);
  }
}
