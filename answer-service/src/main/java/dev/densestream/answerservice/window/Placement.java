package dev.densestream.answerservice.window;

import dev.densestream.answerservice.Progress;
import dev.densestream.ingest.RecordPosition;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts floating segments on the stream's clock: each begins where its range does, or right behind
 * the media before it, so that what is sent faster than it lasts does not overlap.
 *
 * <p>Remembers up to which record all floating segments are done and how far the media reached
 * there, so that what is read again after a restart gets the same places.
 */
final class Placement {
  /** Where the media end behind each floating segment that is not done, by its offset. */
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  private final Set<Long> done = new HashSet<>();
  private long endMicros = Long.MIN_VALUE;
  private Progress.@Nullable Placed settled;

  Placement(Progress.@Nullable Placed settled) {
    this.settled = settled;
    if (settled != null) {
      endMicros = settled.endMicros();
    }
  }

  /** Whether the segment was placed and done with before a restart. */
  boolean isDone(TakenSegment segment) {
    Progress.Placed last = settled;
    RecordPosition position = segment.position();
    return segment.floating()
        && last != null
        && last.partition() == position.partition()
        && position.offset() <= last.offset();
  }

  /** The segment where it belongs. */
  TakenSegment place(TakenSegment segment) {
    TakenSegment placed =
        segment.floating()
            ? segment.startingAt(Math.max(segment.range().startMicros(), endMicros))
            : segment;
    endMicros = Math.max(endMicros, placed.range().endMicros());
    if (segment.floating()) {
      ends.put(segment.position().offset(), endMicros);
    }
    return placed;
  }

  /** Whatever floats from now on begins at {@code micros} at the earliest. */
  void skipTo(long micros) {
    endMicros = Math.max(endMicros, micros);
    ends.replaceAll((_, end) -> Math.max(end, micros));
  }

  void done(Collection<RecordPosition> positions) {
    for (RecordPosition position : positions) {
      if (ends.containsKey(position.offset())) {
        done.add(position.offset());
      }
      while (!ends.isEmpty() && done.remove(ends.firstKey())) {
        var first = ends.pollFirstEntry();
        settled = new Progress.Placed(position.partition(), first.getKey(), first.getValue());
      }
    }
  }

  /** Up to where all is done; null before the first floating segment is. */
  Progress.@Nullable Placed settled() {
    return settled;
  }
}
