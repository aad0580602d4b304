package dev.densestream.ingest;

import java.time.Duration;

/**
 * How long capture goes on trying a source that fails. Success starts the count anew.
 *
 * @param maxRetries in a row, then the stream is refused
 * @param firstBackoff before the first retry; doubles with each
 */
public record CaptureSettings(int maxRetries, Duration firstBackoff, Duration maxBackoff) {
  public CaptureSettings {
    if (maxRetries < 0) {
      throw new IllegalArgumentException("maxRetries must be >= 0: was " + maxRetries);
    }
    if (!firstBackoff.isPositive() || maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "firstBackoff must be positive and <= maxBackoff "
              + maxBackoff
              + ": was "
              + firstBackoff);
    }
  }

  public static CaptureSettings defaults() {
    return new CaptureSettings(10, Duration.ofSeconds(1), Duration.ofMinutes(1));
  }

  /** What to wait before retry number {@code attempt}, counted from 1. */
  public Duration backoff(int attempt) {
    int doublings = Math.min(attempt - 1, 30);
    Duration wait = firstBackoff.multipliedBy(1L << doublings);
    return wait.compareTo(maxBackoff) > 0 ? maxBackoff : wait;
  }
}
