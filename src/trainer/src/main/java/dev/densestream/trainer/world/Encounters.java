package dev.densestream.trainer.world;

import java.util.List;
import java.util.SplittableRandom;

/** Two objects that meet: one passes in front of the other, or hits it. */
final class Encounters {
  private static final int ATTEMPTS = 12;

  private final SplittableRandom random;
  private final Stage stage;
  private final List<ActorPlan> plans;
  private final List<Event> events;

  Encounters(SplittableRandom random, Stage stage, List<ActorPlan> plans, List<Event> events) {
    this.random = random;
    this.stage = stage;
    this.plans = plans;
    this.events = events;
  }

  /** Plans one, and says who takes part; does nothing where there is no room. */
  void meet(boolean[] busy) {
    boolean passes = random.nextBoolean();
    int front = plans.size() - 1;
    for (int attempt = 0; attempt < ATTEMPTS && !busy[front]; attempt++) {
      int other = random.nextInt(front);
      Direction way = Choice.of(Choice.DIRECTIONS, random);
      double start = random.nextDouble(0.4, 1.2);
      double end = start + random.nextDouble(1.6, Math.min(3.4, stage.seconds() - start - 0.3));
      boolean met =
          passes ? pass(front, other, way, start, end) : hit(front, other, way, start, end);
      busy[front] = met;
      busy[other] = met;
    }
  }

  private boolean pass(int front, int other, Direction way, double start, double end) {
    ActorPlan mover = plans.get(front);
    Keyframe rest = plans.get(other).last();
    double reach = rest.radius() + mover.radius() + 0.04;
    Keyframe from = beside(rest, way.opposite(), reach, mover.radius(), 0);
    Keyframe to = beside(rest, way, reach, mover.radius(), end);
    if (!inside(from) || !inside(to) || !alone(front, other, from, to)) {
      return false;
    }
    mover.begin(from);
    mover.go(start, to);
    events.add(new Event(front, start, end, new Action.Moves(way)));
    events.add(new Event(front, start, end, new Action.Passes(other)));
    return true;
  }

  private boolean hit(int front, int other, Direction way, double start, double end) {
    ActorPlan mover = plans.get(front);
    ActorPlan target = plans.get(other);
    Keyframe rest = target.last();
    double touch = 0.85 * (rest.radius() + mover.radius());
    double middle = (start + end) / 2;
    Keyframe from =
        beside(rest, way.opposite(), touch + random.nextDouble(0.2, 0.4), mover.radius(), 0);
    Keyframe contact = beside(rest, way.opposite(), touch, mover.radius(), middle);
    Keyframe away = Choreography.moved(rest, way, random.nextDouble(0.2, 0.4), end);
    if (!inside(from) || !inside(away) || !alone(front, other, from, away)) {
      return false;
    }
    mover.begin(from);
    mover.go(start, contact);
    target.go(middle, away);
    events.add(new Event(front, start, middle, new Action.Moves(way)));
    events.add(new Event(front, middle, middle, new Action.Hits(other)));
    events.add(new Event(other, middle, end, new Action.Moves(way)));
    return true;
  }

  private static Keyframe beside(
      Keyframe rest, Direction way, double distance, double radius, double at) {
    Keyframe moved = Choreography.moved(rest, way, distance, at);
    return new Keyframe(at, moved.x(), moved.y(), radius);
  }

  private boolean inside(Keyframe at) {
    for (Direction way : Direction.values()) {
      if (stage.room(at, way) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether nobody else is near the way from one place to the other. */
  private boolean alone(int front, int other, Keyframe from, Keyframe to) {
    double radius = Math.max(from.radius(), to.radius());
    for (int i = 0; i < plans.size(); i++) {
      for (int step = 0; step <= 10 && i != front && i != other; step++) {
        Keyframe at =
            new Keyframe(
                0,
                from.x() + step * (to.x() - from.x()) / 10,
                from.y() + step * (to.y() - from.y()) / 10,
                radius);
        if (!Casting.apart(at, plans.get(i).last())) {
          return false;
        }
      }
    }
    return true;
  }
}
