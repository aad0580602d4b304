package dev.densestream.framesampler.decode;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import java.util.EnumMap;
import java.util.Map;

/** The running counts of one task. */
final class FrameTally {
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private long sampled;
  private long gated;

  /** Takes the last one back. */
  void notSampled() {
    sampled--;
  }

  void sampled() {
    sampled++;
  }

  void gated() {
    gated++;
  }

  void dropped(DropReason reason, long count) {
    if (count > 0) {
      dropped.merge(reason, count, Long::sum);
    }
  }

  long seen() {
    return sampled + gated + dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  FrameCounts counts() {
    return new FrameCounts(seen(), sampled, gated, dropped);
  }
}
