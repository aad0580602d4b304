package dev.densestream.trainer.world;

import java.util.List;

/** How much of an object a viewer sees: what is inside the picture and behind nothing. */
final class Visibility {
  private static final int GRID = 12;

  private Visibility() {}

  /** From 0, nothing of it, to 1, all. */
  static double of(Scene scene, int index, double seconds) {
    List<Actor> actors = scene.actors();
    Footprint footprint = new Footprint(actors.get(index), seconds);
    List<Footprint> inFront =
        actors.subList(index + 1, actors.size()).stream()
            .map(actor -> new Footprint(actor, seconds))
            .toList();
    Keyframe at = footprint.at();
    int own = 0;
    int seen = 0;
    for (int i = 0; i < GRID * GRID; i++) {
      int column = i % GRID;
      int row = i / GRID;
      double x = at.x() + at.radius() * (2.0 * column + 1 - GRID) / GRID;
      double y = at.y() + at.radius() * (2.0 * row + 1 - GRID) / GRID;
      if (footprint.covers(x, y)) {
        own++;
        seen += inside(scene, x, y) && inFront.stream().noneMatch(o -> o.covers(x, y)) ? 1 : 0;
      }
    }
    return (double) seen / own;
  }

  private static boolean inside(Scene scene, double x, double y) {
    return x >= 0 && y >= 0 && x < scene.width() && y < scene.height();
  }
}
