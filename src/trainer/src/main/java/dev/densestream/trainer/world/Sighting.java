package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a viewer sees of one object in the frames looked at.
 *
 * @param actor index in the scene
 * @param moments one for each frame
 */
public record Sighting(int actor, Look look, List<Moment> moments) {
  private static final double LEAST_WAY = 0.12;
  private static final double LARGEST_BEND = 0.35;
  private static final double STILL = 0.012;

  public Sighting {
    requireNonNull(look, "look is null");
    moments = List.copyOf(moments);
  }

  /** Whether it can be named in a frame at least. */
  public boolean seen() {
    return moments.stream().anyMatch(Moment::clear);
  }

  /** Whether it can be named in all frames. */
  public boolean always() {
    return moments.stream().allMatch(Moment::clear);
  }

  /** Whether nothing of it can be known. */
  public boolean hidden() {
    return moments.stream().allMatch(Moment::hidden);
  }

  /** All that it shows. */
  public Set<Colour> colours() {
    Set<Colour> colours = EnumSet.noneOf(Colour.class);
    for (Moment moment : moments) {
      if (!moment.hidden()) {
        colours.add(moment.colour());
      }
    }
    return colours;
  }

  /** Its size, if that is the same in all frames. */
  public Optional<Size> size() {
    double least = moments.stream().mapToDouble(m -> m.at().radius()).min().orElse(0);
    double most = moments.stream().mapToDouble(m -> m.at().radius()).max().orElse(0);
    if (most <= Size.SMALL.most() + 0.01) {
      return Optional.of(Size.SMALL);
    }
    return least >= Size.LARGE.least() - 0.01 ? Optional.of(Size.LARGE) : Optional.empty();
  }

  /** The one way it goes while it can be seen; empty when it rests, turns back or goes askew. */
  public Optional<Direction> direction() {
    List<Keyframe> seen = places();
    for (Direction way : Direction.values()) {
      if (seen.size() > 1 && goes(seen, way)) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /** Whether it can be named in all frames and neither moves nor grows. */
  public boolean still() {
    return always() && way(places()) <= STILL && size().isPresent() && sameRadius();
  }

  /** The farthest two places in sight. */
  private static double way(List<Keyframe> places) {
    double most = 0;
    for (Keyframe a : places) {
      for (Keyframe b : places) {
        most = Math.max(most, Math.hypot(a.x() - b.x(), a.y() - b.y()));
      }
    }
    return most;
  }

  private boolean sameRadius() {
    double first = moments.getFirst().at().radius();
    return moments.stream().allMatch(m -> Math.abs(m.at().radius() / first - 1) < 0.05);
  }

  private List<Keyframe> places() {
    return moments.stream().filter(m -> m.visible() >= 0.3).map(Moment::at).toList();
  }

  private static boolean goes(List<Keyframe> places, Direction way) {
    double along = along(places.getFirst(), places.getLast(), way);
    if (along < LEAST_WAY) {
      return false;
    }
    for (int i = 1; i < places.size(); i++) {
      if (along(places.get(i - 1), places.get(i), way) < -STILL) {
        return false;
      }
    }
    Keyframe first = places.getFirst();
    return places.stream().allMatch(p -> across(first, p, way) <= LARGEST_BEND * along);
  }

  static double along(Keyframe from, Keyframe to, Direction way) {
    return (to.x() - from.x()) * way.x() + (to.y() - from.y()) * way.y();
  }

  private static double across(Keyframe from, Keyframe to, Direction way) {
    return Math.abs((to.x() - from.x()) * way.y()) + Math.abs((to.y() - from.y()) * way.x());
  }
}
