package dev.densestream.framesampler.decode;

import java.nio.ByteBuffer;

/**
 * How a picture must be turned to stand upright: rows and columns exchanged first, then mirrored.
 * Angles between quarter turns are taken for the nearest of them.
 */
record Orientation(boolean transposed, boolean mirroredX, boolean mirroredY) {
  static final Orientation UPRIGHT = new Orientation(false, false, false);

  /**
   * @param matrix of a track header (ISO 14496-12): a picture's point (x, y) is shown at {@code (m0
   *     x + m3 y, m1 x + m4 y)}
   */
  static Orientation of(int[] matrix) {
    long straight = Math.abs((long) matrix[0]) + Math.abs((long) matrix[4]);
    long crossed = Math.abs((long) matrix[1]) + Math.abs((long) matrix[3]);
    return straight >= crossed
        ? new Orientation(false, matrix[0] < 0, matrix[4] < 0)
        : new Orientation(true, matrix[3] < 0, matrix[1] < 0);
  }

  int width(int sourceWidth, int sourceHeight) {
    return transposed ? sourceHeight : sourceWidth;
  }

  int height(int sourceWidth, int sourceHeight) {
    return transposed ? sourceWidth : sourceHeight;
  }

  /** Both {@code [height, width, 3]}. */
  void turn(ByteBuffer source, int sourceWidth, int sourceHeight, ByteBuffer target) {
    int width = width(sourceWidth, sourceHeight);
    int height = height(sourceWidth, sourceHeight);
    int stepX = transposed ? 3 * sourceWidth : 3;
    int stepY = transposed ? 3 : 3 * sourceWidth;
    int start = (mirroredX ? (width - 1) * stepX : 0) + (mirroredY ? (height - 1) * stepY : 0);
    int alongX = mirroredX ? -stepX : stepX;
    int alongY = mirroredY ? -stepY : stepY;
    int to = 0;
    for (int y = 0; y < height; y++) {
      int from = start + y * alongY;
      for (int x = 0; x < width; x++, from += alongX) {
        target.put(to++, source.get(from));
        target.put(to++, source.get(from + 1));
        target.put(to++, source.get(from + 2));
      }
    }
  }
}
