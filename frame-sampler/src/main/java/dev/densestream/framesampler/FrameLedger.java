package dev.densestream.framesampler;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Exports what became of frames as a counter: {@code seen = sampled + gated + dropped}, by verdict
 * and, for dropped frames, by reason.
 */
public final class FrameLedger {
  private final MeterRegistry registry;
  private final String name;

  /**
   * @param name of the counter
   */
  public FrameLedger(MeterRegistry registry, String name) {
    this.registry = registry;
    this.name = name;
    add(FrameCounts.NONE);
  }

  public void add(FrameCounts counts) {
    registry
        .counter(name, "verdict", "sampled", "reason", "none")
        .increment((double) counts.sampled());
    registry.counter(name, "verdict", "gated", "reason", "none").increment((double) counts.gated());
    for (DropReason reason : DropReason.values()) {
      registry
          .counter(name, "verdict", "dropped", "reason", reason.text())
          .increment((double) counts.dropped().getOrDefault(reason, 0L));
    }
  }
}
