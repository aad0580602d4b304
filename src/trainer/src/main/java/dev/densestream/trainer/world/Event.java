package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * Something an object does, as the scene's maker planned it.
 *
 * @param actor index in the scene
 * @param start seconds
 * @param end seconds; equal to {@code start} for what takes no time
 */
public record Event(int actor, double start, double end, Action action) {
  public Event {
    requireNonNull(action, "action is null");
    if (end < start) {
      throw new IllegalArgumentException("end must be >= start: was " + end + " < " + start);
    }
  }
}
