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

  private final double hueFrom;
  private final double hueTo;
  private final double saturationFrom;
  private final double saturationTo;
  private final double valueFrom;
  private final double valueTo;

  Colour(double hueFrom, double hueTo, double s0, double s1, double v0, double v1) {
    this.hueFrom = hueFrom;
    this.hueTo = hueTo;
    this.saturationFrom = s0;
    this.saturationTo = s1;
    this.valueFrom = v0;
    this.valueTo = v1;
  }

  /** Such as {@code red}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A tone that is called so, {@code 0xRRGGBB}. */
  int tone(RandomGenerator random) {
    double hue = within(hueFrom, hueTo, random);
    double saturation = within(saturationFrom, saturationTo, random);
    return Tones.ofHsv(hue, saturation, within(valueFrom, valueTo, random));
  }

  private static double within(double from, double to, RandomGenerator random) {
    return from + random.nextDouble() * (to - from);
  }
}
