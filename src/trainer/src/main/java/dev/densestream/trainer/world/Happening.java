package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

/**
 * Something that a viewer of the frames sees happen.
 *
 * @param actor index in the scene
 * @param onset seconds since the scene's start
 * @param begins whether the frames show a time before it; else it was under way already
 */
public record Happening(int actor, Action action, double onset, boolean begins) {
  public Happening {
    requireNonNull(action, "action is null");
  }
}
