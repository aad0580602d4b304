package dev.densestream.trainer.world;

import java.util.Locale;

/** Along the picture's axes, as the viewer sees them. */
public enum Direction {
  LEFT(-1, 0),
  RIGHT(1, 0),
  UP(0, -1),
  DOWN(0, 1);

  private final int x;
  private final int y;

  Direction(int x, int y) {
    this.x = x;
    this.y = y;
  }

  /** -1, 0 or 1; x grows to the right. */
  public int x() {
    return x;
  }

  /** -1, 0 or 1; y grows downwards. */
  public int y() {
    return y;
  }

  public Direction opposite() {
    return switch (this) {
      case LEFT -> RIGHT;
      case RIGHT -> LEFT;
      case UP -> DOWN;
      case DOWN -> UP;
    };
  }

  /** Such as {@code left}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
