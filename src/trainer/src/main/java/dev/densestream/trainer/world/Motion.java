package dev.densestream.trainer.world;

import java.util.EnumSet;
import java.util.Set;

/** What an object does, without with whom: one axis of the held-out combinations. */
public enum Motion {
  STILL,
  LEFT,
  RIGHT,
  UP,
  DOWN,
  ENTERS,
  LEAVES,
  GROWS,
  SHRINKS,
  TURNS,
  PASSES,
  HITS;

  /** All that an action is: who enters from the left also moves to the right. */
  static Set<Motion> of(Action action) {
    return switch (action) {
      case Action.Moves(var direction) -> EnumSet.of(of(direction));
      case Action.Enters(var from) -> EnumSet.of(ENTERS, of(from.opposite()));
      case Action.Leaves(var to) -> EnumSet.of(LEAVES, of(to));
      case Action.Grows() -> EnumSet.of(GROWS);
      case Action.Shrinks() -> EnumSet.of(SHRINKS);
      case Action.Stops() -> EnumSet.noneOf(Motion.class);
      case Action.Turns _ -> EnumSet.of(TURNS);
      case Action.Passes _ -> EnumSet.of(PASSES);
      case Action.Hits _ -> EnumSet.of(HITS);
    };
  }

  private static Motion of(Direction direction) {
    return valueOf(direction.name());
  }
}
