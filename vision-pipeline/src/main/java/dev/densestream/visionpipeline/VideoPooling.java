package dev.densestream.visionpipeline;

/** What further happens to the tokens of a video's frames, and only theirs; needs no training. */
public enum VideoPooling {
  /** All tokens go to the language model. */
  NONE,
  /** As all released scripts do: of two neighbouring tokens the larger values remain. */
  PAIRWISE_MAX
}
