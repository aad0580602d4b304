package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One object. Which of two is in front is their order in the scene: the later one.
 *
 * @param path in time order, at least one; before the first and after the last it rests
 * @param paints in time order, the first from time 0
 */
public record Actor(Look look, List<Keyframe> path, List<Paint> paints) {
  public Actor {
    requireNonNull(look, "look is null");
    path = List.copyOf(path);
    paints = List.copyOf(paints);
    if (path.isEmpty() || paints.isEmpty()) {
      throw new IllegalArgumentException("path and paints must not be empty");
    }
  }

  public Shape shape() {
    return look.shape();
  }

  /** Where it is. */
  public Keyframe at(double seconds) {
    Keyframe before = path.getFirst();
    for (Keyframe next : path) {
      if (next.seconds() > seconds) {
        return before.seconds() > seconds ? next : before.towards(next, seconds);
      }
      before = next;
    }
    return before;
  }

  /** What it is painted in. */
  public Paint paint(double seconds) {
    Paint current = paints.getFirst();
    for (Paint paint : paints) {
      if (paint.seconds() <= seconds) {
        current = paint;
      }
    }
    return current;
  }
}
