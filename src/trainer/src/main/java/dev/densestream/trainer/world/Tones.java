package dev.densestream.trainer.world;

/** Arithmetic on {@code 0xRRGGBB}. */
final class Tones {
  private Tones() {}

  static int red(int rgb) {
    return rgb >> 16 & 0xff;
  }

  static int green(int rgb) {
    return rgb >> 8 & 0xff;
  }

  static int blue(int rgb) {
    return rgb & 0xff;
  }

  static int of(double red, double green, double blue) {
    return channel(red) << 16 | channel(green) << 8 | channel(blue);
  }

  static int mixed(int a, int b, double share) {
    return of(
        red(a) + share * (red(b) - red(a)),
        green(a) + share * (green(b) - green(a)),
        blue(a) + share * (blue(b) - blue(a)));
  }

  /** Euclidean, 0 to 441. */
  static double distance(int a, int b) {
    return Math.hypot(Math.hypot(red(a) - red(b), green(a) - green(b)), blue(a) - blue(b));
  }

  /**
   * @param hue degrees, any
   */
  static int ofHsv(double hue, double saturation, double value) {
    double[] channels = new double[3];
    for (int i = 0; i < 3; i++) {
      // 5, 3, 1: where red, green and blue fall off on the circle of hues
      double k = ((5 - 2 * i + hue / 60) % 6 + 6) % 6;
      double fall = Math.clamp(Math.min(k, 4 - k), 0.0, 1.0);
      channels[i] = 255 * value * (1 - saturation * fall);
    }
    return of(channels[0], channels[1], channels[2]);
  }

  private static int channel(double value) {
    return (int) Math.clamp(Math.round(value), 0L, 255L);
  }
}
