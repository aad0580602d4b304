package dev.densestream.trainer.world;

import java.util.Locale;

/** The outlines of objects. */
public enum Shape {
  CIRCLE,
  SQUARE,
  TRIANGLE,
  STAR,
  CROSS,
  DIAMOND,
  RING;

  /** Such as {@code circle}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
