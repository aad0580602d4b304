package dev.densestream.trainer.world;

import java.util.Locale;

/** Two sizes, far enough apart to be told without the other beside it. */
public enum Size {
  SMALL(0.076, 0.106),
  LARGE(0.145, 0.195);

  private final double least;
  private final double most;

  Size(double least, double most) {
    this.least = least;
    this.most = most;
  }

  /** Radius, in units of the square root of the picture's area. */
  double least() {
    return least;
  }

  double most() {
    return most;
  }

  /** Such as {@code small}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
