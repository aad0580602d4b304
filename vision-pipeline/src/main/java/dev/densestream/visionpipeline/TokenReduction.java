package dev.densestream.visionpipeline;

/**
 * What happens to an image's tokens after the projector. A model must be trained for it, and its
 * config.json does not say whether it was.
 */
public enum TokenReduction {
  /** All tokens go on. */
  NONE,
  /** Efficient Dense Connector: the token grid is halved in both directions, a quarter remains. */
  EFFICIENT
}
