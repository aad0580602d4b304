package dev.densestream.trainer.train.lesson;

import java.util.SplittableRandom;

/**
 * What cameras, converters and players do to all of a picture's tones: contrast, gamma, saturation,
 * a tint, and the two usual mistakes, of range (black at 16 taken for black at 0, or the other way)
 * and of matrix (BT.601 taken for BT.709, or the other way). Hues stay what they are called.
 */
final class Grading {
  private static final double[] LUMA_601 = {0.299, 0.587, 0.114};
  private static final double[] LUMA_709 = {0.2126, 0.7152, 0.0722};

  private final byte[][] curves = new byte[3][256];
  private final float[] matrix;

  /** One of many, half of them without any change of tones. */
  static Grading any(SplittableRandom random) {
    boolean tones = random.nextBoolean();
    double gamma = tones ? Math.exp(random.nextDouble(-0.25, 0.25)) : 1;
    double contrast = tones ? random.nextDouble(0.85, 1.15) : 1;
    double[] gains = {1, 1, 1};
    for (int channel = 0; channel < 3 && tones; channel++) {
      gains[channel] = random.nextDouble(0.95, 1.05);
    }
    double saturation = tones ? random.nextDouble(0.75, 1.2) : 1;
    double[] mistaken = mistakenMatrix(random.nextInt(12));
    return new Grading(
        gamma, contrast, gains, range(random.nextInt(16)), times(saturated(saturation), mistaken));
  }

  private Grading(double gamma, double contrast, double[] gains, double[] range, double[] matrix) {
    for (int channel = 0; channel < 3; channel++) {
      for (int value = 0; value < 256; value++) {
        double curved = 255 * Math.pow(value / 255.0, gamma);
        double spread = 128 + contrast * gains[channel] * (curved - 128);
        double ranged = range[0] + range[1] * spread;
        curves[channel][value] = (byte) Math.clamp(Math.round(ranged), 0L, 255L);
      }
    }
    this.matrix = new float[9];
    for (int i = 0; i < 9; i++) {
      this.matrix[i] = (float) matrix[i];
    }
  }

  /**
   * Changes a picture.
   *
   * @param rgb {@code [pixels, 3]} uint8
   */
  void apply(byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      int red = curves[0][rgb[i] & 0xff] & 0xff;
      int green = curves[1][rgb[i + 1] & 0xff] & 0xff;
      int blue = curves[2][rgb[i + 2] & 0xff] & 0xff;
      rgb[i] = channel(0, red, green, blue);
      rgb[i + 1] = channel(3, red, green, blue);
      rgb[i + 2] = channel(6, red, green, blue);
    }
  }

  private byte channel(int row, int red, int green, int blue) {
    float value = matrix[row] * red + matrix[row + 1] * green + matrix[row + 2] * blue;
    return (byte) (int) Math.clamp(value + 0.5f, 0f, 255f);
  }

  /** Offset and factor. */
  private static double[] range(int dice) {
    return switch (dice) {
      case 0 -> new double[] {16, 219 / 255.0};
      case 1 -> new double[] {-16 * 255 / 219.0, 255 / 219.0};
      default -> new double[] {0, 1};
    };
  }

  private static double[] mistakenMatrix(int dice) {
    return switch (dice) {
      case 0 -> mistaken(LUMA_601, LUMA_709);
      case 1 -> mistaken(LUMA_709, LUMA_601);
      default -> saturated(1);
    };
  }

  /** Towards or away from grey. */
  private static double[] saturated(double share) {
    double[] matrix = new double[9];
    for (int i = 0; i < 9; i++) {
      matrix[i] = (1 - share) * LUMA_601[i % 3] + (i % 4 == 0 ? share : 0);
    }
    return matrix;
  }

  /** What becomes of red, green and blue that were made to luma and chroma by other weights. */
  private static double[] mistaken(double[] made, double[] taken) {
    double[] matrix = new double[9];
    for (int from = 0; from < 3; from++) {
      double luma = made[from];
      double blue = ((from == 2 ? 1 : 0) - luma) / (1 - made[2]) * (1 - taken[2]);
      double red = ((from == 0 ? 1 : 0) - luma) / (1 - made[0]) * (1 - taken[0]);
      matrix[from] = luma + red;
      matrix[6 + from] = luma + blue;
      matrix[3 + from] = luma - (taken[0] * red + taken[2] * blue) / taken[1];
    }
    return matrix;
  }

  private static double[] times(double[] a, double[] b) {
    double[] product = new double[9];
    for (int i = 0; i < 9; i++) {
      for (int k = 0; k < 3; k++) {
        product[i] += a[i / 3 * 3 + k] * b[3 * k + i % 3];
      }
    }
    return product;
  }
}
