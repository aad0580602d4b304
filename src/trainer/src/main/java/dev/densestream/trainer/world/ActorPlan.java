package dev.densestream.trainer.world;

import java.util.ArrayList;
import java.util.List;

/** An object whose path is still being made up. */
final class ActorPlan {
  private final Look look;
  private final List<Keyframe> path = new ArrayList<>();
  private final List<Paint> paints = new ArrayList<>();

  ActorPlan(Look look, Paint paint, Keyframe first) {
    this.look = look;
    paints.add(paint);
    path.add(first);
  }

  Actor actor() {
    return new Actor(look, path, paints);
  }

  Look look() {
    return look;
  }

  /** Where it is after all that is planned. */
  Keyframe last() {
    return path.getLast();
  }

  Colour colour() {
    return paints.getLast().colour();
  }

  double radius() {
    return path.getLast().radius();
  }

  /** Rests where it is until {@code start}, and is at the other place at its time. */
  void go(double start, Keyframe there) {
    Keyframe here = last();
    if (start > here.seconds()) {
      path.add(new Keyframe(start, here.x(), here.y(), here.radius()));
    }
    path.add(there);
  }

  /** Forgets what was added after the path had so many places. */
  void cut(int places) {
    while (path.size() > places) {
      path.removeLast();
    }
  }

  int places() {
    return path.size();
  }

  void begin(Keyframe first) {
    path.clear();
    path.add(first);
  }

  void paint(Paint paint) {
    paints.add(paint);
  }
}
