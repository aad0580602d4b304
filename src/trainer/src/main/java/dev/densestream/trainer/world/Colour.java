package dev.densestream.trainer.world;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Colours that people tell apart without thinking, each with the range of tones that is called so.
 */
public enum Colour {
  RED(-13, 9, 0.70, 1.0, 0.55, 1.0),
  ORANGE(21, 40, 0.75, 1.0, 0.85, 1.0),
  YELLOW(49, 65, 0.60, 1.0, 0.80, 1.0),
  GREEN(88, 158, 0.48, 1.0, 0.38, 1.0),
  BLUE(204, 249, 0.55, 1.0, 0.42, 1.0),
  PURPLE(263, 301, 0.48, 1.0, 0.38, 0.88),
  WHITE(0, 360, 0.0, 0.06, 0.88, 1.0),
  BLACK(0, 360, 0.0, 0.4, 0.0, 0.14);

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
