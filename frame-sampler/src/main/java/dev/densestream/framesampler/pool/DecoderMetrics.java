package dev.densestream.framesampler.pool;

import dev.densestream.framesampler.FrameLedger;
import dev.densestream.framesampler.MediaRefusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What the pool exports: {@code densestream.decode.*}, and the frame ledger's counters. */
final class DecoderMetrics {
  private final MeterRegistry registry;
  private final FrameLedger ledger;
  private final Timer time;

  DecoderMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.ledger = new FrameLedger(registry, "densestream.frames");
    this.time =
        Timer.builder("densestream.decode.time")
            .description("Waiting for the decoder, per media")
            .register(registry);
  }

  /**
   * Gauges of one set of processes.
   *
   * @param use {@code sample}, {@code clip} or {@code cut}
   */
  void watch(String use, SlotQueue slots) {
    Gauge.builder("densestream.decode.children", slots, SlotQueue::alive)
        .tag("use", use)
        .description("Living decoder processes")
        .register(registry);
    Gauge.builder("densestream.decode.waiting", slots, SlotQueue::waiting)
        .tag("use", use)
        .description("Media waiting for a decoder process")
        .register(registry);
  }

  void ended(Exchange exchange) {
    ledger.add(exchange.counts());
    time.record(exchange.nanos(), TimeUnit.NANOSECONDS);
  }

  void refused(MediaRefusal refusal) {
    registry.counter("densestream.decode.refusals", "code", refusal.code().text()).increment();
  }

  /**
   * @param cause {@code start} when a process did not get ready, {@code lost} when it ended in a
   *     task, {@code worn} when it was relieved after long use
   */
  void restart(String cause) {
    registry.counter("densestream.decode.restarts", "cause", cause).increment();
  }
}
