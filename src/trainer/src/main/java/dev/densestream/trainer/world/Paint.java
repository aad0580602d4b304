package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * A colour from a time on.
 *
 * @param seconds since the scene's start
 * @param rgb the exact tone, {@code 0xRRGGBB}
 */
public record Paint(double seconds, Colour colour, int rgb) {
  public Paint {
    requireNonNull(colour, "colour is null");
  }
}
