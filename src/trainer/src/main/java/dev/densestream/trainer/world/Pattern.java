package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/**
 * How a texture lies on an object, and how far its two shades are apart.
 *
 * @param period of stripes, dots and squares, in radii of the object
 * @param turn radians
 * @param across where it begins, in periods
 * @param dot radius of dots, in periods
 * @param darker share of black in the other shade
 * @param lighter share of white in it, where it is the lighter one
 * @param light whether it is the lighter one of colours that are neither dark nor bright
 */
record Pattern(
    double period,
    double turn,
    double across,
    double dot,
    double darker,
    double lighter,
    boolean light) {
  static final Pattern USUAL = new Pattern(0.62, 0, 0, 0.3, 0.42, 0.25, false);

  static Pattern varied(SplittableRandom random) {
    double turn =
        switch (random.nextInt(6)) {
          case 0, 1 -> Math.PI / 2;
          case 2 -> Math.PI / 4;
          case 3 -> random.nextDouble(0, Math.PI);
          default -> 0;
        };
    return new Pattern(
        random.nextDouble(0.42, 0.8),
        turn,
        random.nextDouble(),
        random.nextDouble(0.24, 0.34),
        random.nextDouble(0.28, 0.52),
        random.nextDouble(0.22, 0.4),
        random.nextInt(4) == 0);
  }

  /** The other shade of a tone. */
  int shade(int rgb) {
    int sum = Tones.red(rgb) + Tones.green(rgb) + Tones.blue(rgb);
    boolean lightens = sum < 3 * 40 || (light && sum < 3 * 200);
    return lightens ? Tones.mixed(rgb, 0xffffff, lighter) : Tones.mixed(rgb, 0x000000, darker);
  }
}
