package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * What of an object never changes.
 *
 * @param tilt radians, small enough that a square stays one
 */
public record Look(Shape shape, Size size, Texture texture, double tilt) {
  public Look {
    requireNonNull(shape, "shape is null");
    requireNonNull(size, "size is null");
    requireNonNull(texture, "texture is null");
  }
}
