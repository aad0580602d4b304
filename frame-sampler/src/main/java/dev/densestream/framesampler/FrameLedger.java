package dev.densestream.framesampler;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Exports what became of the frames as the counter {@code densestream.frames}: {@code seen =
 * sampled + gated + dropped}, by verdict and, for dropped frames, by reason.
 */
public final class FrameLedger {
  private static final String NAME = "densestream.frames";
  private final MeterRegistry registry;

  public FrameLedger(MeterRegistry registry) {
    this.registry = registry;
    add(FrameCounts.NONE);
  }

  public void add(FrameCounts counts) {
    registry
        .counter(NAME, "verdict", "sampled", "reason", "none")
        .increment((double) counts.sampled());
    registry.counter(NAME, "verdict", "gated", "reason", "none").increment((double) counts.gated());
    for (DropReason reason : DropReason.values()) {
      registry
          .counter(NAME, "verdict", "dropped", "reason", reason.text())
          .increment((double) counts.dropped().getOrDefault(reason, 0L));
    }
  }
}
