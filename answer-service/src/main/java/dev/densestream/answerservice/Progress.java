package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicRecord;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a stream's windows are terminal; written in the same transaction as the terminal records,
 * so that whoever takes the stream over neither repeats nor forgets one.
 *
 * @param mediaMicros end of the media taken in so far
 * @param marks one per question version put on the stream
 */
public record Progress(StreamId stream, long mediaMicros, List<Mark> marks) {
  public Progress {
    requireNonNull(stream, "stream is null");
    marks = List.copyOf(marks);
  }

  /**
   * Every window of this question version that starts before {@code nextStartMicros} is terminal,
   * or never was one; {@code window} is its shape, so that windows left open can still be ended
   * when the question is gone.
   */
  public record Mark(
      String question, long version, String text, WindowShape window, long nextStartMicros) {
    public Mark {
      requireNonNull(question, "question is null");
      requireNonNull(text, "text is null");
      requireNonNull(window, "window is null");
    }
  }

  /** Reads the value of a record of the progress topic. */
  public static Progress parse(byte[] json) {
    JsonFields fields = JsonFields.of("progress", json);
    return new Progress(
        new StreamId(fields.text("stream")),
        fields.number("mediaMicros"),
        fields.objects("marks").stream().map(Progress::mark).toList());
  }

  private static Mark mark(JsonFields fields) {
    JsonFields window = fields.object("window");
    return new Mark(
        fields.text("question"),
        fields.number("version"),
        fields.text("text"),
        new WindowShape(window.number("lengthMillis"), window.number("hopMillis")),
        fields.number("nextStartMicros"));
  }

  public byte[] toJson() {
    ObjectNode json = JsonFields.newObject();
    json.put("stream", stream.value()).put("mediaMicros", mediaMicros);
    ArrayNode array = json.putArray("marks");
    for (Mark mark : marks) {
      ObjectNode node = array.addObject();
      node.put("question", mark.question).put("version", mark.version).put("text", mark.text);
      node.putObject("window")
          .put("lengthMillis", mark.window.lengthMillis())
          .put("hopMillis", mark.window.hopMillis());
      node.put("nextStartMicros", mark.nextStartMicros);
    }
    return JsonFields.bytes(json);
  }

  /** The record of the progress topic, keyed by stream. */
  public TopicRecord toRecord(String topic) {
    return new TopicRecord(
        topic, stream.value(), toJson(), Map.of("content-type", "application/json"));
  }
}
