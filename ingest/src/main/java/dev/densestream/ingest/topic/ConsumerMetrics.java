package dev.densestream.ingest.topic;

import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.SettlementOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one segment consumer counts. Per membership: received = delivered + dropped(revoked) +
 * dropped(ended) + waiting in the queue. Each settlement is counted once, as committed, stale or
 * failed.
 */
final class ConsumerMetrics {
  private final MeterRegistry meters;
  private final Timer transactions;
  private final AtomicReference<DemandQueue<?>> queue = new AtomicReference<>();
  private volatile int paused = 1;

  ConsumerMetrics(MeterRegistry meters, String member) {
    this.meters = meters;
    this.transactions = Timer.builder("densestream.ingest.transaction").register(meters);
    Gauge.builder("densestream.ingest.paused", this, metrics -> metrics.paused)
        .tag("member", member)
        .description("1 while there is no demand for segments")
        .register(meters);
    Gauge.builder("densestream.ingest.queue.bytes", queue, ConsumerMetrics::bytes)
        .tag("member", member)
        .baseUnit("bytes")
        .description("segments read ahead of demand")
        .register(meters);
  }

  void watch(DemandQueue<?> watched) {
    queue.set(watched);
  }

  void received(ReceivedSegment received, int bytes) {
    var kind =
        switch (received) {
          case ReceivedSegment.Intact _ -> "intact";
          case ReceivedSegment.Poison _ -> "poison";
        };
    meters.counter("densestream.ingest.segments", "kind", kind).increment();
    meters.counter("densestream.ingest.received.bytes").increment(Math.max(0, bytes));
  }

  void dropped(String reason, int count) {
    meters.counter("densestream.ingest.dropped", "reason", reason).increment(count);
  }

  void paused(boolean isPaused) {
    paused = isPaused ? 1 : 0;
  }

  void rebalanced(String kind) {
    meters.counter("densestream.ingest.rebalances", "kind", kind).increment();
  }

  void settled(SettlementOutcome outcome) {
    settlements(
            switch (outcome) {
              case SettlementOutcome.Committed _ -> "committed";
              case SettlementOutcome.Stale _ -> "stale";
            })
        .increment();
  }

  void settlementFailed() {
    settlements("failed").increment();
  }

  void transaction(long nanos) {
    transactions.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Counter settlements(String outcome) {
    return meters.counter("densestream.ingest.settlements", "outcome", outcome);
  }

  private static double bytes(AtomicReference<DemandQueue<?>> queue) {
    var present = queue.get();
    return present == null ? 0 : present.bytes();
  }
}
