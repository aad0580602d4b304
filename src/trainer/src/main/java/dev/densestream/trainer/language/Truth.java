package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Direction;
import dev.densestream.trainer.world.Event;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Moment;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a claim is true of a scene, in the time that its frames span. */
final class Truth {
  /** A move shorter than this is not one, in units of the scene. */
  private static final double LEAST_WAY = 0.06;

  private static final Set<String> PREDICATES = predicates();

  private Truth() {}

  private static Set<String> predicates() {
    List<Action> actions = new ArrayList<>();
    actions.addAll(List.of(new Action.Grows(), new Action.Shrinks(), new Action.Stops()));
    for (Direction way : Direction.values()) {
      actions.addAll(
          List.of(new Action.Moves(way), new Action.Enters(way), new Action.Leaves(way)));
    }
    for (Colour colour : Colour.values()) {
      actions.add(new Action.Turns(colour));
    }
    Set<String> texts = actions.stream().map(Predicates::of).collect(Collectors.toSet());
    texts.add(Predicates.STILL);
    return Set.copyOf(texts);
  }

  /** Whether a predicate has a meaning. */
  static boolean knows(String predicate) {
    return PREDICATES.contains(predicate);
  }

  static boolean of(Claim claim, Facts facts) {
    return switch (claim) {
      case Claim.Unknown() -> facts.scene().isForeign();
      case Claim.Of of ->
          facts.sightings().stream()
              .filter(Truth::inSight)
              .filter(of.subject()::couldFit)
              .anyMatch(sighting -> does(of, sighting, facts));
    };
  }

  private static boolean inSight(Sighting sighting) {
    return sighting.moments().stream().anyMatch(moment -> moment.visible() > 0.3);
  }

  private static boolean does(Claim.Of claim, Sighting sighting, Facts facts) {
    if (claim.predicate().equals(Claim.THERE)) {
      return true;
    }
    if (claim.predicate().equals(Predicates.STILL)) {
      return rests(sighting);
    }
    Optional<Direction> way = way(claim.predicate());
    if (way.isPresent()) {
      return moves(sighting, way.orElseThrow());
    }
    return facts.scene().events().stream()
        .filter(event -> event.actor() == sighting.actor())
        .filter(event -> within(event, facts))
        .anyMatch(event -> says(claim, event.action(), facts));
  }

  /** Whether the frames span some of its time; and, for what takes none, both sides of it. */
  private static boolean within(Event event, Facts facts) {
    return event.start() <= facts.times().getLast() && event.end() >= facts.times().getFirst();
  }

  private static boolean says(Claim.Of claim, Action action, Facts facts) {
    return switch (action) {
      case Action.Passes(var other) ->
          claim.predicate().equals("passes in front of") && fits(claim, other, facts);
      case Action.Hits(var other) -> claim.predicate().equals("hits") && fits(claim, other, facts);
      case Action _ -> claim.predicate().equals(Predicates.of(action));
    };
  }

  private static boolean fits(Claim.Of claim, int other, Facts facts) {
    return claim.other().isPresent()
        && facts.sighting(other).filter(claim.other().orElseThrow()::couldFit).isPresent();
  }

  private static Optional<Direction> way(String predicate) {
    for (Direction way : Direction.values()) {
      if (predicate.equals(Predicates.of(new Action.Moves(way)))) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /** From some frame to a later one, and more that way than any other. */
  private static boolean moves(Sighting sighting, Direction way) {
    List<Moment> seen = sighting.moments().stream().filter(m -> !m.hidden()).toList();
    for (int i = 0; i < seen.size(); i++) {
      for (int j = i + 1; j < seen.size(); j++) {
        double dx = seen.get(j).at().x() - seen.get(i).at().x();
        double dy = seen.get(j).at().y() - seen.get(i).at().y();
        double along = dx * way.x() + dy * way.y();
        if (along >= LEAST_WAY && along >= 2 * Math.abs(dx * way.y() + dy * way.x())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean rests(Sighting sighting) {
    return Set.of(Direction.values()).stream().noneMatch(way -> moves(sighting, way));
  }
}
