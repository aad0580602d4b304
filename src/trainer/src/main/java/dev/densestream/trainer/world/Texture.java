package dev.densestream.trainer.world;

import java.util.Locale;

/** How an object's surface is filled: two shades of its one colour. */
public enum Texture {
  PLAIN,
  STRIPED,
  DOTTED,
  CHECKERED;

  /** Such as {@code striped}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
