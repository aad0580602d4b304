package dev.densestream.framesampler.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How soon a process that failed is replaced: at once for the first few, then later and later, so
 * that a machine that cannot decode is not kept busy with failing.
 */
final class RestartPace {
  private static final int AT_ONCE = 5;
  private static final long WINDOW_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();
  private final Deque<Long> failures = new ArrayDeque<>();

  /** Notes a failure and says how long to wait before the next start. */
  synchronized Duration failed(long nowNanos) {
    while (!failures.isEmpty() && nowNanos - failures.peekFirst() > WINDOW_NANOS) {
      failures.removeFirst();
    }
    failures.addLast(nowNanos);
    int beyond = failures.size() - AT_ONCE;
    if (beyond <= 0) {
      return Duration.ZERO;
    }
    long doubled = Duration.ofMillis(500).toNanos() << Math.min(beyond, 16);
    return Duration.ofNanos(Math.min(doubled, LONGEST_NANOS));
  }
}
