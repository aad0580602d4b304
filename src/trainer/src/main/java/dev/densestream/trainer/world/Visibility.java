package dev.densestream.trainer.world;

import java.util.List;

/** How much of an object a viewer sees: what is inside the picture and behind nothing. */
final class Visibility {
  private static final int GRID = 12;

  private Visibility() {}

  /** Whether the object lies over a point of the scene. */
  static boolean covers(Actor actor, double seconds, double x, double y) {
    Keyframe at = actor.at(seconds);
    double u = (x - at.x()) / at.radius();
    double v = (y - at.y()) / at.radius();
    if (u * u + v * v > 1) {
      return false;
    }
    double cos = Math.cos(actor.look().tilt());
    double sin = Math.sin(actor.look().tilt());
    return Outline.distance(actor.shape(), cos * u + sin * v, cos * v - sin * u) <= 0;
  }

  /** From 0, nothing of it, to 1, all. */
  static double of(Scene scene, int index, double seconds) {
    List<Actor> actors = scene.actors();
    Actor actor = actors.get(index);
    Keyframe at = actor.at(seconds);
    int own = 0;
    int seen = 0;
    for (int i = 0; i < GRID * GRID; i++) {
      int column = i % GRID;
      int row = i / GRID;
      double x = at.x() + at.radius() * (2.0 * column + 1 - GRID) / GRID;
      double y = at.y() + at.radius() * (2.0 * row + 1 - GRID) / GRID;
      if (covers(actor, seconds, x, y)) {
        own++;
        seen += inside(scene, x, y) && !hidden(actors, index, seconds, x, y) ? 1 : 0;
      }
    }
    return (double) seen / own;
  }

  private static boolean inside(Scene scene, double x, double y) {
    return x >= 0 && y >= 0 && x < scene.width() && y < scene.height();
  }

  private static boolean hidden(List<Actor> actors, int index, double seconds, double x, double y) {
    for (int i = index + 1; i < actors.size(); i++) {
      if (covers(actors.get(i), seconds, x, y)) {
        return true;
      }
    }
    return false;
  }
}
