package dev.densestream.framesampler.policy;

/**
 * Brightness of one frame on a small grid.
 *
 * @param luma {@link #WIDTH} x {@link #HEIGHT} values, 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // compared by difference(), never by equals
public record LumaGrid(byte[] luma) {
  public static final int WIDTH = 32;
  public static final int HEIGHT = 18;

  public LumaGrid {
    if (luma.length != WIDTH * HEIGHT) {
      throw new IllegalArgumentException(
          "luma must have " + WIDTH * HEIGHT + " values: was " + luma.length);
    }
  }

  /** Mean absolute difference, 0 to 1. */
  double difference(LumaGrid other) {
    long sum = 0;
    for (int i = 0; i < luma.length; i++) {
      sum += Math.abs((luma[i] & 0xff) - (other.luma[i] & 0xff));
    }
    return sum / (255.0 * luma.length);
  }
}
