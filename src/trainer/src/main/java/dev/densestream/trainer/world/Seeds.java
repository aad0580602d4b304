package dev.densestream.trainer.world;

import java.util.List;

/** Seeds of scenes: two bits of each are its split, so that no seed is in two of them. */
final class Seeds {
  private static final long SPLIT_BITS = 3;
  private static final List<Split> SPLITS = List.of(Split.values());

  private Seeds() {}

  static long of(Split split, long seed, long index) {
    long mixed = mixed(mixed(seed) + index);
    return (mixed & ~SPLIT_BITS) | SPLITS.indexOf(split);
  }

  static Split split(long sceneSeed) {
    return SPLITS.get((int) (sceneSeed & SPLIT_BITS));
  }

  /** A bijection that leaves no trace of order (SplitMix64's finaliser). */
  static long mixed(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
