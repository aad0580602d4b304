package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/** The room and the time that a scene has. */
record Stage(SplittableRandom random, double seconds, double aspect) {
  double width() {
    return Math.sqrt(aspect);
  }

  double height() {
    return 1 / Math.sqrt(aspect);
  }

  /** Somewhere to be in full view. */
  Keyframe place(double at, double radius) {
    double margin = radius + 0.02;
    return new Keyframe(at, within(margin, width()), within(margin, height()), radius);
  }

  private double within(double margin, double length) {
    double room = length - 2 * margin;
    return room <= 0 ? length / 2 : margin + random.nextDouble() * room;
  }

  /** How far an object can go and stay in full view. */
  double room(Keyframe from, Direction way) {
    double margin = from.radius() + 0.02;
    return switch (way) {
      case LEFT -> from.x() - margin;
      case RIGHT -> width() - margin - from.x();
      case UP -> from.y() - margin;
      case DOWN -> height() - margin - from.y();
    };
  }

  /** How far an object must go to be out of view, shaken cameras included. */
  double out(Keyframe from, Direction way) {
    double margin = from.radius() + 0.03;
    return switch (way) {
      case LEFT -> from.x() + margin;
      case RIGHT -> width() + margin - from.x();
      case UP -> from.y() + margin;
      case DOWN -> height() + margin - from.y();
    };
  }
}
