package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * What is behind the objects.
 *
 * @param first tone, {@code 0xRRGGBB}
 * @param second tone, for kinds with two
 */
public record Background(Kind kind, int first, int second, long seed) {
  public Background {
    requireNonNull(kind, "kind is null");
  }

  /** How it is made. */
  public enum Kind {
    PLAIN,
    GRADIENT,
    /** Fine grain. */
    NOISE,
    /** Soft structure on many scales, as of walls, clouds or grass. */
    PHOTO,
    /** Rings of light around a place. */
    RADIAL,
    /** Soft bands. */
    BANDS,
    /** Small squares of two tones in turn. */
    TILES,
    /** Thin lines. */
    LATTICE
  }
}
