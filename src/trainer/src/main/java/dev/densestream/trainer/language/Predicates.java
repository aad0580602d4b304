package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Direction;
import java.util.ArrayList;
import java.util.List;

/** What is said of an object that does something, without objects of its own. */
final class Predicates {
  static final String STILL = "stays still";

  private Predicates() {}

  /** Of every action, in an order that never changes: what is drawn from it follows from a seed. */
  static List<String> all() {
    List<Action> actions =
        new ArrayList<>(
            List.of(
                new Action.Grows(),
                new Action.Shrinks(),
                new Action.Stops(),
                new Action.Passes(0),
                new Action.Hits(0)));
    for (Direction way : Direction.values()) {
      actions.add(new Action.Moves(way));
      actions.add(new Action.Enters(way));
      actions.add(new Action.Leaves(way));
    }
    for (Colour colour : Colour.values()) {
      actions.add(new Action.Turns(colour));
    }
    return actions.stream().map(Predicates::of).toList();
  }

  static String of(Action action) {
    return switch (action) {
      case Action.Moves(var way) -> "moves " + way.word();
      case Action.Enters(var from) -> "enters from the " + side(from);
      case Action.Leaves(var to) -> "leaves to the " + side(to);
      case Action.Grows() -> "grows";
      case Action.Shrinks() -> "shrinks";
      case Action.Stops() -> "stops";
      case Action.Turns(var to) -> "turns " + to.word();
      case Action.Passes _ -> "passes another object";
      case Action.Hits _ -> "hits another object";
    };
  }

  /** The edge of the picture. */
  static String side(Direction way) {
    return switch (way) {
      case LEFT -> "left";
      case RIGHT -> "right";
      case UP -> "top";
      case DOWN -> "bottom";
    };
  }
}
