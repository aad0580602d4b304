package dev.densestream.visionpipeline.preprocess;

import static dev.densestream.visionpipeline.preprocess.BicubicTaps.FRACTION_BITS;

import dev.densestream.framesampler.Frame;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resizes to a window, horizontally first, then vertically, rounding to 8 bits after each pass.
 * Only the frame's own rows are kept between the passes, however large the canvas it is padded to.
 * Keeps its buffers: for one thread at a time.
 */
final class FrameResize {
  private static final int ROUND = 1 << (FRACTION_BITS - 1);
  private static final int KEPT_TAPS = 16;

  private final int[] background = new int[3];
  private final Map<Axis, BicubicTaps> taps = new LinkedHashMap<>();
  private byte[] narrowed = new byte[0];
  private int[] sums = new int[0];

  /**
   * @param background red, green, blue of the padding
   */
  FrameResize(byte[] background) {
    for (int channel = 0; channel < 3; channel++) {
      this.background[channel] = background[channel] & 0xff;
    }
  }

  /** {@code [window height, window width, 3]} uint8. */
  void resize(Frame frame, Geometry geometry, byte[] window) {
    BicubicTaps across = taps(geometry.across());
    BicubicTaps down = taps(geometry.down());
    int rowBytes = geometry.across().window() * 3;
    narrow(frame, across, down, rowBytes);
    if (sums.length != rowBytes) {
      sums = new int[rowBytes];
    }
    for (int row = 0; row < geometry.down().window(); row++) {
      flatten(down, row, window, row * rowBytes);
    }
  }

  private BicubicTaps taps(Axis axis) {
    if (taps.size() > KEPT_TAPS) {
      taps.clear();
    }
    return taps.computeIfAbsent(axis, BicubicTaps::of);
  }

  /** The horizontal pass over the rows that the vertical one takes, into {@link #narrowed}. */
  private void narrow(Frame frame, BicubicTaps across, BicubicTaps down, int rowBytes) {
    int needed = Math.multiplyExact(frame.height(), rowBytes);
    if (narrowed.length < needed) {
      narrowed = new byte[needed];
    }
    int last = down.first().length - 1;
    int end = down.first()[last] + down.count()[last];
    for (int row = down.first()[0]; row < end; row++) {
      narrowRow(across, frame.rgb(), row * frame.width() * 3, row * rowBytes);
    }
  }

  private void narrowRow(BicubicTaps across, byte[] rgb, int from, int to) {
    int[] weights = across.weights();
    for (int out = 0; out < across.first().length; out++) {
      int pixel = from + across.first()[out] * 3;
      int weight = out * across.taps();
      int red = ROUND + across.padding()[out] * background[0];
      int green = ROUND + across.padding()[out] * background[1];
      int blue = ROUND + across.padding()[out] * background[2];
      for (int end = weight + across.count()[out]; weight < end; weight++, pixel += 3) {
        int w = weights[weight];
        red += (rgb[pixel] & 0xff) * w;
        green += (rgb[pixel + 1] & 0xff) * w;
        blue += (rgb[pixel + 2] & 0xff) * w;
      }
      narrowed[to + out * 3] = clip(red);
      narrowed[to + out * 3 + 1] = clip(green);
      narrowed[to + out * 3 + 2] = clip(blue);
    }
  }

  /** The vertical pass for one row: whole rows are added up, which the compiler vectorises. */
  private void flatten(BicubicTaps down, int out, byte[] window, int to) {
    int[] sum = sums;
    Arrays.fill(sum, ROUND);
    if (down.padding()[out] != 0) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += down.padding()[out] * background[i % 3];
      }
    }
    for (int tap = 0; tap < down.count()[out]; tap++) {
      addRow(sum, (down.first()[out] + tap) * sum.length, down.weights()[out * down.taps() + tap]);
    }
    for (int i = 0; i < sum.length; i++) {
      window[to + i] = clip(sum[i]);
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
