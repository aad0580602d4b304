package dev.densestream.trainer.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Chooses the objects and their first places: apart, and alike often enough to be confused. */
final class Casting {
  private static final int ATTEMPTS = 200;
  private static final double GAP = 0.03;

  private final SplittableRandom random;
  private final SplittableRandom styles;
  private final boolean hard;

  /**
   * Casts.
   *
   * @param styles of how they are drawn, so that what happens does not depend on it
   */
  Casting(SplittableRandom random, SplittableRandom styles) {
    this.random = random;
    this.styles = styles;
    this.hard = styles.nextInt(5) == 0;
  }

  List<ActorPlan> cast(int crowd, Stage stage) {
    List<ActorPlan> plans = new ArrayList<>();
    for (int attempt = 0; attempt < ATTEMPTS && plans.size() < crowd; attempt++) {
      ActorPlan plan = candidate(plans, stage, crowd);
      if (plans.stream().allMatch(other -> apart(plan.last(), other.last()))) {
        plans.add(plan);
      }
    }
    return plans;
  }

  /** Objects that may cover each other, but none wholly. */
  List<ActorPlan> crowd(int count, Stage stage) {
    List<ActorPlan> plans = new ArrayList<>();
    for (int attempt = 0; attempt < ATTEMPTS && plans.size() < count; attempt++) {
      ActorPlan plan = candidate(plans, stage, count);
      if (plans.stream().allMatch(other -> clear(plan.last(), other.last()))) {
        plans.add(plan);
      }
    }
    return plans;
  }

  private static boolean clear(Keyframe a, Keyframe b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y()) > 0.8 * (a.radius() + b.radius());
  }

  private ActorPlan candidate(List<ActorPlan> others, Stage stage, int crowd) {
    Shape shape = Choice.of(Choice.SHAPES, random);
    Colour colour = Choice.of(Choice.COLOURS, random);
    if (!others.isEmpty()) {
      ActorPlan other = others.get(random.nextInt(others.size()));
      switch (random.nextInt(5)) {
        case 0 -> shape = other.look().shape();
        case 1 -> colour = other.colour();
        default -> {}
      }
    }
    Size size = random.nextInt(crowd > 3 ? 3 : 2) == 0 ? Size.LARGE : Size.SMALL;
    Texture texture = random.nextInt(5) < 3 ? Texture.PLAIN : Choice.of(Choice.TEXTURES, random);
    double radius = random.nextDouble(size.least(), size.most());
    double tilt = random.nextDouble(-0.14, 0.14);
    Look look = new Look(shape, size, texture, tilt, Style.varied(shape, hard, styles));
    Paint paint = new Paint(0, colour, colour.tone(random));
    return new ActorPlan(look, paint, stage.place(0, radius));
  }

  static boolean apart(Keyframe a, Keyframe b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y()) > a.radius() + b.radius() + GAP;
  }
}
