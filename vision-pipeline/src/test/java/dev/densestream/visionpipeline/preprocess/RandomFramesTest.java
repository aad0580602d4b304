package dev.densestream.visionpipeline.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Frames of many random and extreme sizes, against the plain way: the whole canvas painted, the
 * whole of it resampled in two passes, the window cut out of that.
 */
class RandomFramesTest {
  private static final int[][] EXTREME = {
    {1, 1}, {1, 500}, {500, 1}, {2, 301}, {301, 2}, {7, 7}, {640, 3}, {3, 640}, {1, 2}, {2, 1}
  };

  @Test
  void padsCropsAndStretchesAsThePlainWay() {
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      int width = i < EXTREME.length ? EXTREME[i][0] : 1 + random.nextInt(120);
      int height = i < EXTREME.length ? EXTREME[i][1] : 1 + random.nextInt(120);
      int side = 1 + random.nextInt(60);
      Frame frame = frame(random, width, height);
      String what = width + "x" + height + " to " + side;
      assertThat(FramePreparation.clip(side, true).resized(frame))
          .as("pad " + what)
          .isEqualTo(padded(frame, side, new int[] {122, 116, 104}));
      assertThat(FramePreparation.siglip(side, true).resized(frame))
          .as("pad " + what)
          .isEqualTo(padded(frame, side, new int[] {127, 127, 127}));
      assertThat(FramePreparation.siglip(side, false).resized(frame))
          .as("stretch " + what)
          .isEqualTo(resampled(frame.rgb(), width, height, side, side));
      assertThat(FramePreparation.clip(side, false).resized(frame))
          .as("crop " + what)
          .isEqualTo(cropped(frame, side));
    }
  }

  /** As long as a file can be: no canvas is painted for it. */
  @Test
  void takesNoMemoryForTheCanvasOfALongFrame() {
    Frame strip = frame(new Random(3), 65_535, 2);
    byte[] rows = FramePreparation.clip(56, true).resized(strip);
    assertThat(rows).hasSize(56 * 56 * 3);
    assertThat(new int[] {rows[0] & 0xff, rows[1] & 0xff, rows[2] & 0xff})
        .containsExactly(122, 116, 104);
    assertThat(FramePreparation.clip(56, false).resized(strip)).hasSize(56 * 56 * 3);
  }

  private static Frame frame(Random random, int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    random.nextBytes(rgb);
    return new Frame(0, width, height, rgb);
  }

  private static byte[] padded(Frame frame, int side, int[] background) {
    int longer = Math.max(frame.width(), frame.height());
    byte[] canvas = new byte[longer * longer * 3];
    for (int i = 0; i < canvas.length; i++) {
      canvas[i] = (byte) background[i % 3];
    }
    int left = (longer - frame.width()) / 2;
    int top = (longer - frame.height()) / 2;
    for (int y = 0; y < frame.height(); y++) {
      int to = ((top + y) * longer + left) * 3;
      System.arraycopy(frame.rgb(), y * frame.width() * 3, canvas, to, frame.width() * 3);
    }
    return resampled(canvas, longer, longer, side, side);
  }

  private static byte[] cropped(Frame frame, int side) {
    int shorter = Math.min(frame.width(), frame.height());
    int width = frame.width() == shorter ? side : (int) ((double) side * frame.width() / shorter);
    int height =
        frame.height() == shorter ? side : (int) ((double) side * frame.height() / shorter);
    byte[] whole = resampled(frame.rgb(), frame.width(), frame.height(), width, height);
    byte[] window = new byte[side * side * 3];
    for (int y = 0; y < side; y++) {
      int from = (((height - side) / 2 + y) * width + (width - side) / 2) * 3;
      System.arraycopy(whole, from, window, y * side * 3, side * 3);
    }
    return window;
  }

  static byte[] resampled(byte[] rgb, int width, int height, int newWidth, int newHeight) {
    byte[] narrow = new byte[newWidth * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < newWidth; x++) {
        for (int c = 0; c < 3; c++) {
          narrow[(y * newWidth + x) * 3 + c] = one(rgb, y * width * 3 + c, 3, width, newWidth, x);
        }
      }
    }
    byte[] result = new byte[newWidth * newHeight * 3];
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        for (int c = 0; c < 3; c++) {
          result[(y * newWidth + x) * 3 + c] =
              one(narrow, x * 3 + c, newWidth * 3, height, newHeight, y);
        }
      }
    }
    return result;
  }

  /** One output sample: Pillow's formula, with its 22 bits of fraction. */
  private static byte one(byte[] from, int first, int step, int length, int newLength, int out) {
    double scale = (double) length / newLength;
    double filter = Math.max(1, scale);
    double centre = (out + 0.5) * scale;
    int begin = Math.max(0, (int) (centre - 2 * filter + 0.5));
    int end = Math.min(length, (int) (centre + 2 * filter + 0.5));
    double sum = 0;
    for (int i = begin; i < end; i++) {
      sum += cubic((i - centre + 0.5) / filter);
    }
    long value = 1 << 21;
    for (int i = begin; i < end; i++) {
      double weight = cubic((i - centre + 0.5) / filter) / sum * (1 << 22);
      value += (from[first + i * step] & 0xff) * (long) (weight + Math.copySign(0.5, weight));
    }
    return (byte) Math.clamp(value >> 22, 0, 255);
  }

  private static double cubic(double x) {
    double d = Math.abs(x);
    if (d < 1) {
      return (1.5 * d - 2.5) * d * d + 1;
    }
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  }
}
