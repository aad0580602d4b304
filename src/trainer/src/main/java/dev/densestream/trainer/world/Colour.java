package dev.densestream.trainer.world;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Colours that people tell apart without thinking, each with the range of tones that is called so.
 */
public enum Colour {
  RED(-8, 6, 0.80, 1.0, 0.62, 1.0),
  ORANGE(24, 38, 0.85, 1.0, 0.88, 1.0),
  YELLOW(52, 61, 0.75, 1.0, 0.88, 1.0),
  GREEN(100, 145, 0.65, 1.0, 0.45, 0.95),
  BLUE(212, 245, 0.70, 1.0, 0.55, 1.0),
  PURPLE(272, 302, 0.60, 1.0, 0.45, 0.85),
  WHITE(0, 360, 0.0, 0.04, 0.93, 1.0),
  BLACK(0, 360, 0.0, 0.3, 0.0, 0.10);

  private final double[] hue;
  private final double[] saturation;
  private final double[] value;

  Colour(double hue0, double hue1, double s0, double s1, double v0, double v1) {
    this.hue = new double[] {hue0, hue1};
    this.saturation = new double[] {s0, s1};
    this.value = new double[] {v0, v1};
  }

  /** Such as {@code red}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A tone that is called so, {@code 0xRRGGBB}. */
  int tone(RandomGenerator random) {
    return Tones.ofHsv(within(hue, random), within(saturation, random), within(value, random));
  }

  private static double within(double[] range, RandomGenerator random) {
    return range[0] + random.nextDouble() * (range[1] - range[0]);
  }
}
