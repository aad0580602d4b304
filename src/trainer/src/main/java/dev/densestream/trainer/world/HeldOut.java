package dev.densestream.trainer.world;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A combination that only {@link Split#TEST} shows. For every shape and motion it is one colour of
 * eight; so every shape, colour and motion, and every pair of them, can be learnt from.
 */
public record HeldOut(Shape shape, Colour colour, Motion motion) {
  private static final List<Motion> MOTIONS = List.of(Motion.values());

  /** Whether a combination is one of them. */
  public static boolean contains(Shape shape, Colour colour, Motion motion) {
    int sum =
        3 * Choice.SHAPES.indexOf(shape)
            + 5 * Choice.COLOURS.indexOf(colour)
            + MOTIONS.indexOf(motion);
    return sum % Choice.COLOURS.size() == 0;
  }

  /** The held-out combinations in a scene. */
  public static Set<HeldOut> in(Scene scene) {
    Set<HeldOut> found = new LinkedHashSet<>();
    for (int i = 0; i < scene.actors().size(); i++) {
      Actor actor = scene.actors().get(i);
      for (Motion motion : motions(scene, i)) {
        for (Paint paint : actor.paints()) {
          if (contains(actor.shape(), paint.colour(), motion)) {
            found.add(new HeldOut(actor.shape(), paint.colour(), motion));
          }
        }
      }
    }
    return found;
  }

  static Set<Motion> motions(Scene scene, int actor) {
    Set<Motion> motions = new LinkedHashSet<>();
    for (Event event : scene.events()) {
      if (event.actor() == actor) {
        motions.addAll(Motion.of(event.action()));
      }
    }
    return motions.isEmpty() ? Set.of(Motion.STILL) : motions;
  }
}
