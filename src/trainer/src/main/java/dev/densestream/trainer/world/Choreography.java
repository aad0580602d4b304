package dev.densestream.trainer.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Gives each object something to do, one thing after another, without running into others. */
final class Choreography {
  private static final double STILL_SHARE = 0.3;
  private static final double STEP = 0.1;
  private static final int ATTEMPTS = 6;

  /** Longest rest before an action, and the time kept free at both ends. */
  private static final double MARGIN = 0.4;

  private final SplittableRandom random;
  private final Stage stage;
  private final List<ActorPlan> plans;
  private final List<Event> events = new ArrayList<>();

  Choreography(SplittableRandom random, Stage stage, List<ActorPlan> plans) {
    this.random = random;
    this.stage = stage;
    this.plans = plans;
  }

  List<Event> events() {
    return events;
  }

  void plan() {
    Encounters encounters = new Encounters(random, stage, plans, events);
    boolean[] busy = new boolean[plans.size()];
    if (plans.size() > 1 && random.nextInt(4) == 0) {
      encounters.meet(busy);
    }
    for (int i = 0; i < plans.size(); i++) {
      if (!busy[i] && random.nextDouble() >= STILL_SHARE) {
        actor(i);
      }
    }
  }

  private void actor(int index) {
    double free = random.nextDouble(MARGIN / 2, 2 * MARGIN);
    int actions = 1 + random.nextInt(3);
    for (int n = 0; n < actions; n++) {
      double most = stage.seconds() - MARGIN - free;
      if (most < 0.9) {
        break;
      }
      double start = free + random.nextDouble(Math.min(0.3, most - 0.8));
      double end = start + random.nextDouble(0.8, Math.min(3.0, stage.seconds() - start));
      boolean last = !act(index, start, end, n == 0);
      free = Math.max(end, plans.get(index).last().seconds()) + random.nextDouble(0, 3 * MARGIN);
      if (last) {
        break;
      }
    }
    stop(index);
  }

  /** Tries actions until one disturbs nobody; false when the object has left. */
  private boolean act(int index, double start, double end, boolean first) {
    ActorPlan plan = plans.get(index);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int places = plan.places();
      Keyframe before = plan.last();
      Action action = choose(plan, start, end, first);
      if (free(index, start, end)) {
        boolean sudden = action instanceof Action.Turns;
        events.add(new Event(index, start, sudden ? start : end, action));
        if (action instanceof Action.Turns(var to)) {
          plan.paint(new Paint(start, to, to.tone(random)));
        }
        return !(action instanceof Action.Leaves);
      }
      if (action instanceof Action.Enters) {
        plan.begin(before);
      } else {
        plan.cut(places);
      }
    }
    return true;
  }

  private Action choose(ActorPlan plan, double start, double end, boolean first) {
    Direction way = Choice.of(Choice.DIRECTIONS, random);
    int dice = random.nextInt(100);
    if (dice < 15 && first) {
      return enter(plan, way, start, end);
    }
    if (dice < 25) {
      return leave(plan, way, start, end);
    }
    if (dice < 36) {
      return resize(plan, start, end);
    }
    if (dice < 50) {
      return new Action.Turns(other(plan.colour()));
    }
    return move(plan, way, start, end);
  }

  private Action move(ActorPlan plan, Direction way, double start, double end) {
    double room = stage.room(plan.last(), way);
    Direction taken = room < 0.2 ? way.opposite() : way;
    double most = Math.min(0.9, stage.room(plan.last(), taken));
    double least = Math.min(most, 0.2);
    double distance = least + random.nextDouble() * (most - least);
    plan.go(start, moved(plan.last(), taken, distance, end));
    return new Action.Moves(taken);
  }

  private Action enter(ActorPlan plan, Direction from, double start, double end) {
    Keyframe inside = plan.last();
    Keyframe outside = moved(inside, from, stage.out(inside, from), 0);
    plan.begin(new Keyframe(0, outside.x(), outside.y(), outside.radius()));
    plan.go(start, new Keyframe(end, inside.x(), inside.y(), inside.radius()));
    return new Action.Enters(from);
  }

  private Action leave(ActorPlan plan, Direction to, double start, double end) {
    plan.go(start, moved(plan.last(), to, stage.out(plan.last(), to), end));
    return new Action.Leaves(to);
  }

  private Action resize(ActorPlan plan, double start, double end) {
    Keyframe last = plan.last();
    boolean grows = last.radius() < 0.13;
    double factor = random.nextDouble(1.55, 1.85);
    double radius = grows ? last.radius() * factor : last.radius() / factor;
    plan.go(start, new Keyframe(end, last.x(), last.y(), radius));
    return grows ? new Action.Grows() : new Action.Shrinks();
  }

  /** Axes only: a direction is what people can name. */
  static Keyframe moved(Keyframe from, Direction way, double distance, double end) {
    return new Keyframe(
        end, from.x() + way.x() * distance, from.y() + way.y() * distance, from.radius());
  }

  private Colour other(Colour colour) {
    Colour other = colour;
    while (other == colour) {
      other = Choice.of(Choice.COLOURS, random);
    }
    return other;
  }

  /** Whether the object moves visibly, and keeps apart from all others, from then on. */
  private boolean free(int index, double start, double end) {
    Actor actor = plans.get(index).actor();
    for (int i = 0; i < plans.size(); i++) {
      Actor other = plans.get(i).actor();
      double from = actor.path().size() <= 3 ? 0 : start;
      for (double t = from; i != index && t < stage.seconds(); t += STEP) {
        if (!Casting.apart(actor.at(t), other.at(t))) {
          return false;
        }
      }
    }
    return moves(actor.at(start), actor.at(end));
  }

  /** A move that nobody would see is none. */
  private static boolean moves(Keyframe a, Keyframe b) {
    double way = Math.hypot(a.x() - b.x(), a.y() - b.y());
    return way == 0 || way >= 0.18;
  }

  private void stop(int index) {
    events.stream()
        .filter(event -> event.actor() == index)
        .reduce((_, later) -> later)
        .filter(
            last -> last.action() instanceof Action.Moves || last.action() instanceof Action.Enters)
        .map(Event::end)
        .filter(end -> end < stage.seconds() - 0.5)
        .ifPresent(end -> events.add(new Event(index, end, end, new Action.Stops())));
  }
}
