package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * One object in one frame.
 *
 * @param at where it is
 * @param visible share of it that is inside the picture and behind nothing
 */
public record Moment(Keyframe at, double visible, Colour colour) {
  /** Share of an object from which on a viewer names it. */
  static final double CLEAR = 0.7;

  /** Share of an object up to which a viewer misses it. */
  static final double HIDDEN = 0.05;

  /** Smallest radius that a shape can be told at, in units of the scene. */
  static final double LEAST_RADIUS = 0.06;

  public Moment {
    requireNonNull(at, "at is null");
    requireNonNull(colour, "colour is null");
  }

  /** Whether a viewer of this frame can name it. */
  public boolean clear() {
    return visible >= CLEAR && at.radius() >= LEAST_RADIUS;
  }

  /** Whether a viewer of this frame cannot know of it. */
  public boolean hidden() {
    return visible <= HIDDEN;
  }
}
