package dev.densestream.framesampler;

import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the frames: {@code seen = sampled + gated + dropped}, always.
 *
 * @param seen frames in the media. A frame the policy skips without decoding is seen, and gated
 * @param gated not wanted by the sampling policy
 */
public record FrameCounts(long seen, long sampled, long gated, Map<DropReason, Long> dropped) {
  public static final FrameCounts NONE = new FrameCounts(0, 0, 0, Map.of());

  public FrameCounts {
    dropped = Map.copyOf(dropped);
    long accounted = sampled + gated + dropped.values().stream().mapToLong(Long::longValue).sum();
    if (seen != accounted) {
      throw new IllegalArgumentException(
          "seen must equal sampled + gated + dropped = " + accounted + ": was " + seen);
    }
  }

  /** The same frames, {@code count} of the sampled ones dropped. */
  public FrameCounts without(long count, DropReason reason) {
    if (count == 0) {
      return this;
    }
    Map<DropReason, Long> more = new EnumMap<>(DropReason.class);
    more.putAll(dropped);
    more.merge(reason, count, Long::sum);
    return new FrameCounts(seen, sampled - count, gated, more);
  }

  /** The same frames, {@code count} of the sampled ones gated. */
  public FrameCounts withGated(long count) {
    return new FrameCounts(seen, sampled - count, gated + count, dropped);
  }

  public FrameCounts plus(FrameCounts other) {
    Map<DropReason, Long> sum = new EnumMap<>(DropReason.class);
    sum.putAll(dropped);
    other.dropped.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
    return new FrameCounts(seen + other.seen, sampled + other.sampled, gated + other.gated, sum);
  }
}
