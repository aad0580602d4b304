package dev.densestream.visionpipeline;

/** What happens to a frame's tokens after the projector. A model must be trained for it. */
public enum TokenReduction {
  /** All tokens go to the language model. */
  NONE,
  /** Efficient Dense Connector: the token grid is halved in both directions, a quarter remains. */
  EFFICIENT,
  /** The released code's video pooling: of two neighbouring tokens the larger values remain. */
  PAIRWISE_MAX
}
