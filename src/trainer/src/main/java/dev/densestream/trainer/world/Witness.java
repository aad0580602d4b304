package dev.densestream.trainer.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Decides which of a scene's events the frames show. */
final class Witness {
  private static final double LEAST_WAY = 0.1;
  private static final double LEAST_GROWTH = 1.3;
  private static final double REST = 0.8;

  private final List<Sighting> sightings;
  private final double[] times;

  Witness(List<Sighting> sightings, double... times) {
    this.sightings = sightings;
    this.times = times.clone();
  }

  List<Happening> happenings(List<Event> events) {
    List<Happening> seen = new ArrayList<>();
    for (Event event : events) {
      int first = lastUntil(event.start());
      int last = firstFrom(event.end());
      if (event.end() >= times[0] && event.start() <= times[times.length - 1] && last > first) {
        if (shows(event, Math.max(first, 0), Math.min(last, times.length - 1))) {
          seen.add(new Happening(event.actor(), event.action(), event.start(), first >= 0));
        }
      }
    }
    seen.sort(Comparator.comparingDouble(Happening::onset));
    return seen;
  }

  /** The last frame not after a time; -1 where there is none. */
  private int lastUntil(double time) {
    int last = -1;
    for (int i = 0; i < times.length && times[i] <= time; i++) {
      last = i;
    }
    return last;
  }

  /** The first frame not before a time; one past the end where there is none. */
  private int firstFrom(double time) {
    int first = 0;
    while (first < times.length && times[first] < time) {
      first++;
    }
    return first;
  }

  private boolean shows(Event event, int first, int last) {
    List<Moment> moments = sightings.get(event.actor()).moments();
    Moment before = moments.get(first);
    Moment after = moments.get(last);
    return switch (event.action()) {
      case Action.Moves(var way) -> moved(before, after, way);
      case Action.Enters _ -> before.hidden() && after.clear();
      case Action.Leaves _ -> before.clear() && after.hidden();
      case Action.Grows() -> grew(before, after);
      case Action.Shrinks() -> grew(after, before);
      case Action.Turns _ -> before.clear() && after.clear() && before.colour() != after.colour();
      case Action.Stops() -> stopped(moments, first, event.start());
      case Action.Passes(var other) -> passed(moments, sightings.get(other).moments(), first, last);
      case Action.Hits(var other) -> hit(moments, sightings.get(other).moments(), first, last);
    };
  }

  private static boolean moved(Moment before, Moment after, Direction way) {
    return before.clear()
        && after.clear()
        && Sighting.along(before.at(), after.at(), way) >= LEAST_WAY;
  }

  private static boolean grew(Moment less, Moment more) {
    return less.clear() && more.clear() && more.at().radius() >= LEAST_GROWTH * less.at().radius();
  }

  /** Moved before, and rests to the last frame, for a while. */
  private boolean stopped(List<Moment> moments, int first, double stop) {
    Moment end = moments.getLast();
    boolean rests =
        times[times.length - 1] - stop >= REST
            && moments.subList(first + 1, moments.size()).stream()
                .allMatch(m -> m.clear() && way(m, end) < 0.01);
    boolean moved =
        moments.subList(0, first + 1).stream().anyMatch(m -> m.clear() && way(m, end) >= LEAST_WAY);
    return rests && moved;
  }

  private static boolean passed(List<Moment> front, List<Moment> other, int first, int last) {
    boolean apart = other.get(first).visible() > 0.97 && other.get(last).visible() > 0.97;
    boolean covers = other.subList(first, last + 1).stream().anyMatch(m -> m.visible() < 0.85);
    return apart && covers && front.subList(first, last + 1).stream().allMatch(Moment::clear);
  }

  private static boolean hit(List<Moment> mover, List<Moment> target, int first, int last) {
    if (first < 1 || last > mover.size() - 2) {
      return false;
    }
    Moment before = mover.get(first - 1);
    Moment after = target.get(last + 1);
    return before.clear()
        && after.clear()
        && way(before, mover.get(last)) >= LEAST_WAY
        && way(target.get(first), after) >= LEAST_WAY;
  }

  private static double way(Moment a, Moment b) {
    return Math.hypot(a.at().x() - b.at().x(), a.at().y() - b.at().y());
  }
}
