package dev.densestream.ingest;

/**
 * A half-open range {@code [startMicros, endMicros)} of media time, in microseconds on one stream's
 * clock.
 */
public record PtsRange(long startMicros, long endMicros) {
  public PtsRange {
    if (endMicros < startMicros) {
      throw new IllegalArgumentException(
          "endMicros must be >= startMicros " + startMicros + ": was " + endMicros);
    }
  }

  public long durationMicros() {
    return endMicros - startMicros;
  }

  public boolean contains(long ptsMicros) {
    return startMicros <= ptsMicros && ptsMicros < endMicros;
  }

  public boolean overlaps(PtsRange other) {
    return startMicros < other.endMicros && other.startMicros < endMicros;
  }
}
