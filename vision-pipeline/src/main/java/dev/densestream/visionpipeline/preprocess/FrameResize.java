package dev.densestream.visionpipeline.preprocess;

import static dev.densestream.visionpipeline.preprocess.BicubicTaps.FRACTION_BITS;

import dev.densestream.framesampler.Frame;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resizes to a square window, horizontally first, then vertically, rounding to 8 bits after each
 * pass. Keeps its buffers: for one thread at a time.
 */
final class FrameResize {
  private static final int ROUND = 1 << (FRACTION_BITS - 1);
  private static final int KEPT_TAPS = 16;

  private final int side;
  private final byte[] background;
  private final Map<Long, BicubicTaps> taps = new LinkedHashMap<>();
  private byte[] canvasRow = new byte[0];
  private byte[] narrowed = new byte[0];
  private final int[] sums;

  FrameResize(int side, byte[] background) {
    this.side = side;
    this.background = background.clone();
    this.sums = new int[side * 3];
  }

  /** {@code [side, side, 3]} uint8. */
  void resize(Frame frame, Geometry geometry, byte[] square) {
    BicubicTaps across = taps(geometry.canvasWidth(), geometry.resizedWidth());
    BicubicTaps down = taps(geometry.canvasHeight(), geometry.resizedHeight());
    narrow(frame, geometry, across);
    for (int row = 0; row < side; row++) {
      flatten(down, geometry.windowTop() + row, square, row * side * 3);
    }
  }

  private BicubicTaps taps(int input, int output) {
    if (taps.size() > KEPT_TAPS) {
      taps.clear();
    }
    return taps.computeIfAbsent((long) input << 32 | output, _ -> BicubicTaps.of(input, output));
  }

  /** The horizontal pass: {@code [canvasHeight, side, 3]} into {@link #narrowed}. */
  private void narrow(Frame frame, Geometry geometry, BicubicTaps across) {
    int rowBytes = side * 3;
    int canvasBytes = geometry.canvasWidth() * 3;
    int needed = Math.multiplyExact(geometry.canvasHeight(), rowBytes);
    if (narrowed.length < needed) {
      narrowed = new byte[needed];
    }
    if (canvasRow.length < canvasBytes) {
      canvasRow = new byte[canvasBytes];
    }
    fill(canvasRow, 0, canvasBytes);
    for (int row = 0; row < geometry.canvasHeight(); row++) {
      int y = row - geometry.top();
      if (y < 0 || y >= frame.height()) {
        fill(narrowed, row * rowBytes, rowBytes); // resampling one colour leaves it as it is
        continue;
      }
      int frameBytes = frame.width() * 3;
      System.arraycopy(frame.rgb(), y * frameBytes, canvasRow, geometry.left() * 3, frameBytes);
      narrowRow(across, geometry.windowLeft(), row * rowBytes);
    }
  }

  private void fill(byte[] pixels, int from, int bytes) {
    for (int i = from; i < from + bytes; i += 3) {
      pixels[i] = background[0];
      pixels[i + 1] = background[1];
      pixels[i + 2] = background[2];
    }
  }

  private void narrowRow(BicubicTaps across, int windowLeft, int to) {
    byte[] row = canvasRow;
    int[] weights = across.weights();
    for (int column = 0; column < side; column++) {
      int out = windowLeft + column;
      int pixel = across.first()[out] * 3;
      int weight = out * across.taps();
      int red = ROUND;
      int green = ROUND;
      int blue = ROUND;
      for (int end = weight + across.count()[out]; weight < end; weight++, pixel += 3) {
        int w = weights[weight];
        red += (row[pixel] & 0xff) * w;
        green += (row[pixel + 1] & 0xff) * w;
        blue += (row[pixel + 2] & 0xff) * w;
      }
      narrowed[to + column * 3] = clip(red);
      narrowed[to + column * 3 + 1] = clip(green);
      narrowed[to + column * 3 + 2] = clip(blue);
    }
  }

  /** The vertical pass for one row: whole rows are added up, which the compiler vectorises. */
  private void flatten(BicubicTaps down, int out, byte[] square, int to) {
    int[] sum = sums;
    Arrays.fill(sum, ROUND);
    for (int tap = 0; tap < down.count()[out]; tap++) {
      addRow(sum, (down.first()[out] + tap) * sum.length, down.weights()[out * down.taps() + tap]);
    }
    for (int i = 0; i < sum.length; i++) {
      square[to + i] = clip(sum[i]);
    }
  }

  private void addRow(int[] sum, int from, int weight) {
    byte[] rows = narrowed;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (rows[from + i] & 0xff) * weight;
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
  }
}
