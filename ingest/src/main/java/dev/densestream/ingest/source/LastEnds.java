package dev.densestream.ingest.source;

import dev.densestream.ingest.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far the clock of each stream has got. What is captured faster than it lasts gets ahead of
 * time; the stream's next session must not begin before it.
 */
final class LastEnds {
  /** Streams remembered; of more, those that were captured last. */
  private static final int MOST = 1024;

  private final Map<StreamId, Long> ends = new LinkedHashMap<>();

  synchronized void reached(StreamId stream, long endMicros) {
    ends.remove(stream); // to be put last
    ends.put(stream, endMicros);
    if (ends.size() > MOST) {
      ends.remove(ends.keySet().iterator().next());
    }
  }

  /** Where the stream's last segment ended; before everything where there was none. */
  synchronized long of(StreamId stream) {
    return ends.getOrDefault(stream, Long.MIN_VALUE);
  }
}
