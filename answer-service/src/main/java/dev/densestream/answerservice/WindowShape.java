package dev.densestream.answerservice;

/**
 * The windows of a question, in media time: {@code [k * hop, k * hop + length)} for every whole k.
 *
 * @param lengthMillis 100 ms to 10 minutes
 * @param hopMillis from one window's start to the next one's; at least a sixteenth of the length,
 *     so that at most 16 windows of a question are open at once
 */
public record WindowShape(long lengthMillis, long hopMillis) {
  private static final long MIN_MILLIS = 100;
  private static final long MAX_MILLIS = 600_000;
  private static final int MAX_OPEN = 16;

  public WindowShape {
    requireRange("window length", lengthMillis);
    requireRange("window hop", hopMillis);
    if (hopMillis * MAX_OPEN < lengthMillis) {
      throw new IllegalArgumentException(
          "window hop must be at least a sixteenth of the length "
              + lengthMillis
              + " ms: was "
              + hopMillis
              + " ms");
    }
  }

  public long lengthMicros() {
    return lengthMillis * 1000;
  }

  public long hopMicros() {
    return hopMillis * 1000;
  }

  private static void requireRange(String name, long millis) {
    if (millis < MIN_MILLIS || millis > MAX_MILLIS) {
      throw new IllegalArgumentException(
          name + " must be " + MIN_MILLIS + " to " + MAX_MILLIS + " ms: was " + millis);
    }
  }
}
