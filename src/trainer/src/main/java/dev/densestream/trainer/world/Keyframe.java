package dev.densestream.trainer.world;

/**
 * Where an object is at a time; between two of them it moves and grows evenly.
 *
 * @param seconds since the scene's start
 * @param x of the centre, 0 at the left edge, {@link Scene#width()} at the right
 * @param y of the centre, 0 at the top, {@link Scene#height()} at the bottom
 * @param radius of the circle around it
 */
public record Keyframe(double seconds, double x, double y, double radius) {
  public Keyframe {
    if (!(radius > 0)) {
      throw new IllegalArgumentException("radius must be > 0: was " + radius);
    }
  }

  Keyframe towards(Keyframe next, double at) {
    double span = next.seconds - seconds;
    double share = span <= 0 ? 1 : (at - seconds) / span;
    return new Keyframe(
        at,
        x + share * (next.x - x),
        y + share * (next.y - y),
        radius + share * (next.radius - radius));
  }
}
