package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a stream's windows are terminal; written in the same transaction as the terminal records,
 * so that whoever takes the stream over neither repeats nor forgets one.
 *
 * @param mediaMicros end of the media taken in so far
 * @param placed null as long as no segment was done that did not say where it lies
 * @param marks one per question version put on the stream
 * @param ended the question versions that went last, in case one comes back
 */
public record Progress(
    StreamId stream,
    long mediaMicros,
    @Nullable Placed placed,
    List<Mark> marks,
    List<Ended> ended) {
  public Progress {
    requireNonNull(stream, "stream is null");
    marks = List.copyOf(marks);
    ended = List.copyOf(ended);
  }

  /**
   * Segments that do not say where on the stream's clock they lie are put one behind the other; all
   * of them up to {@code offset} of {@code partition} are done, and the media reached {@code
   * endMicros} there.
   */
  public record Placed(int partition, long offset, long endMicros) {}

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

  /**
   * A question version no longer put on the stream. All its windows that start before {@code
   * nextStartMicros} are terminal, and it had no others.
   */
  public record Ended(String question, long version, long nextStartMicros) {
    public Ended {
      requireNonNull(question, "question is null");
    }
  }

  /** Reads the value of a record of the progress topic. */
  public static Progress parse(byte[] json) {
    JsonFields fields = JsonFields.of("progress", json);
    return new Progress(
        new StreamId(fields.text("stream")),
        fields.number("mediaMicros"),
        fields.has("placed") ? placed(fields.object("placed")) : null,
        fields.objects("marks").stream().map(Progress::mark).toList(),
        fields.has("ended")
            ? fields.objects("ended").stream().map(Progress::ended).toList()
            : List.of());
  }

  private static Placed placed(JsonFields fields) {
    return new Placed(
        (int) fields.number("partition"), fields.number("offset"), fields.number("endMicros"));
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

  private static Ended ended(JsonFields fields) {
    return new Ended(
        fields.text("question"), fields.number("version"), fields.number("nextStartMicros"));
  }

  public byte[] toJson() {
    ObjectNode json = JsonFields.newObject();
    json.put("stream", stream.value()).put("mediaMicros", mediaMicros);
    if (placed != null) {
      json.putObject("placed")
          .put("partition", placed.partition)
          .put("offset", placed.offset)
          .put("endMicros", placed.endMicros);
    }
    ArrayNode array = json.putArray("marks");
    for (Mark mark : marks) {
      ObjectNode node = array.addObject();
      node.put("question", mark.question).put("version", mark.version).put("text", mark.text);
      node.putObject("window")
          .put("lengthMillis", mark.window.lengthMillis())
          .put("hopMillis", mark.window.hopMillis());
      node.put("nextStartMicros", mark.nextStartMicros);
    }
    ArrayNode gone = json.putArray("ended");
    for (Ended version : ended) {
      gone.addObject()
          .put("question", version.question)
          .put("version", version.version)
          .put("nextStartMicros", version.nextStartMicros);
    }
    return JsonFields.bytes(json);
  }

  /** The record of the progress topic, keyed by stream. */
  public TopicRecord toRecord(String topic) {
    return new TopicRecord(
        topic, stream.value(), toJson(), Map.of("content-type", "application/json"));
  }
}
