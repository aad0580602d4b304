package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.StreamId;
import tools.jackson.databind.node.ObjectNode;

/**
 * A standing question: asked again on every window of the streams it concerns.
 *
 * @param id names it; the key of its record
 * @param version grows with every change; part of each answer's id
 * @param stream the stream it is put on, or {@link #ALL_STREAMS}
 * @param text what is asked, at most 4,000 characters
 * @param maxTokens at most so many tokens per answer
 * @param maxVisualTokens at most so many visual tokens per answer: fewer frames of each window are
 *     seen; {@link VisualBudget#UNBOUNDED} for as many as the model is meant to see
 * @param answerFormat what the answers may look like
 */
public record Question(
    String id,
    long version,
    String stream,
    String text,
    WindowShape window,
    int maxTokens,
    int maxVisualTokens,
    AnswerFormat answerFormat) {
  public static final String ALL_STREAMS = "*";

  /** Questions that concern one stream; more are not asked. */
  public static final int MOST_PER_STREAM = 64;

  /** The field that bounds the visual tokens, as complaints name it. */
  public static final String VISUAL_TOKENS = "maxVisualTokens";

  private static final int MAX_TEXT = 4000;
  private static final int MAX_TOKENS = 4096;

  public Question {
    JsonFields.requireId("question id", requireNonNull(id, "id is null"));
    requireNonNull(text, "text is null");
    requireNonNull(window, "window is null");
    requireNonNull(answerFormat, "answerFormat is null");
    if (!stream.equals(ALL_STREAMS)) {
      JsonFields.requireId("stream", stream);
    }
    if (version < 1) {
      throw new IllegalArgumentException("version must be >= 1: was " + version);
    }
    if (text.isBlank() || text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "text must be 1 to " + MAX_TEXT + " characters: was " + text.length());
    }
    if (maxTokens < 1 || maxTokens > MAX_TOKENS) {
      throw new IllegalArgumentException(
          "maxTokens must be 1 to " + MAX_TOKENS + ": was " + maxTokens);
    }
    if (maxVisualTokens < 1) {
      throw new IllegalArgumentException("maxVisualTokens must be >= 1: was " + maxVisualTokens);
    }
  }

  /** Answered in free text, with no bound on visual tokens. */
  public Question(
      String id, long version, String stream, String text, WindowShape window, int maxTokens) {
    this(id, version, stream, text, window, maxTokens, VisualBudget.UNBOUNDED, AnswerFormat.text());
  }

  public boolean concerns(StreamId other) {
    return stream.equals(ALL_STREAMS) || stream.equals(other.value());
  }

  /**
   * Reads the value of a record of the questions topic. Version, stream, maxTokens, maxVisualTokens
   * and answerFormat may be missing: 1, all streams, 64, no bound, free text; hop too: the length.
   *
   * @throws IllegalArgumentException with one sentence for a person
   */
  public static Question parse(byte[] json) {
    JsonFields fields = JsonFields.of("question", json);
    JsonFields window = fields.object("window");
    long length = window.number("lengthMillis");
    return new Question(
        fields.text("id"),
        fields.number("version", 1),
        fields.text("stream", ALL_STREAMS),
        fields.text("text"),
        new WindowShape(length, window.number("hopMillis", length)),
        clamped(fields.number("maxTokens", 64)),
        clamped(fields.number(VISUAL_TOKENS, VisualBudget.UNBOUNDED)),
        fields.has("answerFormat")
            ? FormatJson.read(fields.object("answerFormat"))
            : AnswerFormat.text());
  }

  /**
   * Reads a record of the questions topic.
   *
   * @throws IllegalArgumentException as {@link #parse} does, and when the key is not the id
   */
  public static Question ofRecord(String key, byte[] value) {
    Question question = parse(value);
    if (!question.id.equals(key)) {
      throw new IllegalArgumentException("the record's key must be its id: " + question.id);
    }
    return question;
  }

  private static int clamped(long number) {
    return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  public byte[] toJson() {
    ObjectNode json = JsonFields.newObject();
    json.put("id", id).put("version", version).put("stream", stream).put("text", text);
    json.putObject("window")
        .put("lengthMillis", window.lengthMillis())
        .put("hopMillis", window.hopMillis());
    json.put("maxTokens", maxTokens);
    if (maxVisualTokens != VisualBudget.UNBOUNDED) {
      json.put(VISUAL_TOKENS, maxVisualTokens);
    }
    if (!(answerFormat instanceof AnswerFormat.Text)) {
      FormatJson.write(answerFormat, json.putObject("answerFormat"));
    }
    return JsonFields.bytes(json);
  }
}
