package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.RecordPosition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far one reader of the answer topic has come on every partition: the {@code id} of server-sent
 * events.
 *
 * <p>Text form {@code topic-partition-offset}, then {@code ,partition-offset} for each further
 * partition: {@code video.answers-2-17,0-5,1-9}. The first pair is the record the event carries. A
 * single offset would not do: with several partitions it says nothing of what the reader has seen
 * on the others, and a reader that resumes from it loses or repeats answers. On resuming, each
 * named partition continues behind its offset, and one that is not named has given nothing yet: it
 * starts at its beginning.
 *
 * @param last the partition moved last; null before the first
 * @param seen per partition the last offset seen
 */
record AnswerCursor(String topic, @Nullable Integer last, Map<Integer, Long> seen) {
  private static final Pattern PAIR = Pattern.compile("(\\d{1,9})-(\\d{1,18})");
  private static final int LONGEST = 16_384;

  AnswerCursor {
    requireNonNull(topic, "topic is null");
    seen = Map.copyOf(seen);
  }

  /**
   * A reader that wants only what comes from now on.
   *
   * @param ends per partition the offset the next record will have at least
   */
  static AnswerCursor atEnds(String topic, Map<Integer, Long> ends) {
    Map<Integer, Long> seen = new TreeMap<>();
    // A partition at 0 is left out: its beginning is its end.
    ends.forEach(
        (partition, end) -> {
          if (end > 0) {
            seen.put(partition, end - 1);
          }
        });
    return new AnswerCursor(topic, null, seen);
  }

  static AnswerCursor atBeginning(String topic) {
    return new AnswerCursor(topic, null, Map.of());
  }

  /**
   * Behind a record. Each partition is read in order, so where the record is not behind the last
   * one seen, that one was of a log that is no more.
   */
  AnswerCursor past(RecordPosition position) {
    Map<Integer, Long> next = new TreeMap<>(seen);
    next.put(position.partition(), position.offset());
    return new AnswerCursor(topic, position.partition(), next);
  }

  /** The topic alone when nothing has been seen anywhere: an id all the same, to resume from. */
  String text() {
    Map<Integer, Long> ordered = new LinkedHashMap<>();
    if (last != null) {
      ordered.put(last, requireNonNull(seen.get(last), "last is not among seen"));
    }
    new TreeMap<>(seen).forEach(ordered::putIfAbsent);
    return ordered.entrySet().stream()
        .map(pair -> pair.getKey() + "-" + pair.getValue())
        .collect(Collectors.joining(",", ordered.isEmpty() ? topic : topic + "-", ""));
  }

  /** Reads {@link #text}. @throws ProblemException 400 when it is not one of {@code topic} */
  static AnswerCursor parse(String topic, String text) {
    if (text.equals(topic)) {
      return atBeginning(topic);
    }
    if (text.length() > LONGEST || !text.startsWith(topic + "-")) {
      throw malformed();
    }
    Map<Integer, Long> seen = new LinkedHashMap<>();
    Integer first = null;
    for (String pair : text.substring(topic.length() + 1).split(",", -1)) {
      var match = PAIR.matcher(pair);
      if (!match.matches()) {
        throw malformed();
      }
      int partition = Integer.parseInt(match.group(1));
      if (seen.put(partition, Long.parseLong(match.group(2))) != null) {
        throw malformed();
      }
      first = first == null ? partition : first;
    }
    return new AnswerCursor(topic, first, seen);
  }

  private static ProblemException malformed() {
    return ProblemException.badRequest(
        "bad_last_event_id",
        "Last-Event-ID or lastEventId is not an id of this event stream; leave it out to start anew.");
  }
}
