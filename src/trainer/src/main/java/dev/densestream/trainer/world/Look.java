package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * What of an object never changes.
 *
 * @param tilt radians, small enough that a square stays one
 */
public record Look(Shape shape, Size size, Texture texture, double tilt, Style style) {
  public Look {
    requireNonNull(shape, "shape is null");
    requireNonNull(size, "size is null");
    requireNonNull(texture, "texture is null");
    requireNonNull(style, "style is null");
  }

  /** Drawn as most would draw it. */
  Look(Shape shape, Size size, Texture texture, double tilt) {
    this(shape, size, texture, tilt, Style.usual(shape));
  }
}
