package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/**
 * A line along the inside of an object's edge.
 *
 * @param width in radii of the object; 0 for none
 * @param towards the tone that the object's is mixed with, {@code 0xRRGGBB}
 * @param share of that tone
 */
record Border(double width, int towards, double share) {
  static final Border NONE = new Border(0, 0, 0);

  /** Too thin to be what the object's colour is. */
  static Border varied(Shape shape, SplittableRandom random) {
    boolean slender = shape == Shape.RING || shape == Shape.STAR || shape == Shape.CROSS;
    double width = random.nextDouble(0.03, slender ? 0.07 : 0.12);
    return switch (random.nextInt(12)) {
      case 0, 1 -> new Border(width, 0x000000, random.nextDouble(0.4, 0.7));
      case 2, 3 -> new Border(width, 0x000000, 1);
      case 4 -> new Border(width, 0xffffff, 1);
      case 5 -> new Border(width, 0xffffff, random.nextDouble(0.3, 0.6));
      default -> NONE;
    };
  }

  int tone(int rgb) {
    return Tones.mixed(rgb, towards, share);
  }
}
