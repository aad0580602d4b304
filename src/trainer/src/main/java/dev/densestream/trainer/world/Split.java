package dev.densestream.trainer.world;

/**
 * Which scenes may be learnt from. Seeds of different splits never meet: the split is part of every
 * scene's seed. Combinations that {@link HeldOut} names occur in {@link #TEST} alone.
 */
public enum Split {
  TRAIN,
  /** As {@link #TRAIN}, with seeds of its own: for choosing checkpoints. */
  VALIDATION,
  /** Every scene with objects has at least one combination that no other split shows. */
  TEST
}
