package dev.densestream.trainer.world;

/** The points of the scene that one object lies over at a moment. */
final class Footprint {
  private final Keyframe at;
  private final Outline.Edge edge;
  private final double cos;
  private final double sin;

  Footprint(Actor actor, double seconds) {
    this.at = actor.at(seconds);
    this.edge = actor.look().style().outline().edge();
    this.cos = Math.cos(actor.look().tilt());
    this.sin = Math.sin(actor.look().tilt());
  }

  Keyframe at() {
    return at;
  }

  boolean covers(double x, double y) {
    double u = (x - at.x()) / at.radius();
    double v = (y - at.y()) / at.radius();
    return u * u + v * v <= 1 && edge.distance(cos * u + sin * v, cos * v - sin * u) <= 0;
  }
}
