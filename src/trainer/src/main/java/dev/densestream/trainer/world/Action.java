package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/** What an object can do. */
public sealed interface Action {
  record Moves(Direction direction) implements Action {
    public Moves {
      requireNonNull(direction, "direction is null");
    }
  }

  /**
   * Comes into the picture.
   *
   * @param from the side it comes in by
   */
  record Enters(Direction from) implements Action {
    public Enters {
      requireNonNull(from, "from is null");
    }
  }

  /**
   * Goes out of the picture.
   *
   * @param to the side it goes out by
   */
  record Leaves(Direction to) implements Action {
    public Leaves {
      requireNonNull(to, "to is null");
    }
  }

  record Grows() implements Action {}

  record Shrinks() implements Action {}

  /** After moving, and for the rest of the scene. */
  record Stops() implements Action {}

  record Turns(Colour to) implements Action {
    public Turns {
      requireNonNull(to, "to is null");
    }
  }

  /**
   * Moves across another, in front of it.
   *
   * @param other index of the object that is partly hidden meanwhile
   */
  record Passes(int other) implements Action {}

  /**
   * Runs into another and sets it moving.
   *
   * @param other index of the object that is hit
   */
  record Hits(int other) implements Action {}
}
