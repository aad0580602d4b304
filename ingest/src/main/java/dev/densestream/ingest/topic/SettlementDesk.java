package dev.densestream.ingest.topic;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Settlement;
import dev.densestream.ingest.SettlementOutcome;
import dev.densestream.ingest.TopicClusterException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Takes settlements from any thread and publishes them, in the order they were handed in, on the
 * thread of the poll loop.
 */
final class SettlementDesk {
  private static final int MOST_WAITING = 256;
  private static final long PATIENCE_NANOS = ClientSettings.TRANSACTION_TIMEOUT_MILLIS * 1_000_000L;

  private final OffsetLedger ledger;
  private final ConsumerMetrics metrics;
  private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private volatile boolean closed;
  private @Nullable ConsumerGroupMetadata owner;

  /** A settlement and whoever waits for it. */
  private record Waiting(
      Settlement settlement, CompletableFuture<SettlementOutcome> outcome, long handedNanos) {}

  SettlementDesk(OffsetLedger ledger, ConsumerMetrics metrics) {
    this.ledger = ledger;
    this.metrics = metrics;
  }

  CompletableFuture<SettlementOutcome> hand(Settlement settlement) {
    var outcome = new CompletableFuture<SettlementOutcome>();
    if (!waiting.offer(new Waiting(settlement, outcome, System.nanoTime()))) {
      outcome.completeExceptionally(
          new TopicClusterException(
              MOST_WAITING + " settlements wait already; let one end before the next."));
    } else if (closed) {
      refuseWaiting();
    }
    return outcome;
  }

  /**
   * The membership of the poll that has just ended. Settlements are published under it and no
   * other: what the client says later may already be a membership that never read the records.
   */
  void owner(ConsumerGroupMetadata owner) {
    this.owner = owner;
  }

  /**
   * Publishes what waits. Stops early, to be called again after the next poll, while the group is
   * between two generations.
   *
   * @throws RuntimeException when a transaction broke: this membership is over
   */
  void settleAll(SettlementPublisher publisher) {
    Waiting next;
    while ((next = waiting.peek()) != null) {
      try {
        var outcome = settle(next.settlement, publisher);
        waiting.remove();
        metrics.settled(outcome);
        next.outcome.complete(outcome);
      } catch (SettlementPublisher.GenerationPassed passed) {
        if (System.nanoTime() - next.handedNanos > PATIENCE_NANOS) {
          throw new TopicClusterException("The group keeps refusing this member.", passed);
        }
        return; // the next polls end the rebalance, and say whether the partitions are still ours
      } catch (RuntimeException failure) {
        metrics.settlementFailed();
        throw failure;
      }
    }
  }

  /** Nothing is published any more. */
  void close() {
    closed = true;
    refuseWaiting();
  }

  private SettlementOutcome settle(Settlement settlement, SettlementPublisher publisher)
      throws SettlementPublisher.GenerationPassed {
    var basis = settlement.basis().isEmpty() ? settlement.done() : settlement.basis();
    for (RecordPosition position : basis) {
      if (!ledger.isCurrent(position) || !isMember()) {
        return new SettlementOutcome.Stale(position);
      }
    }
    var offsets = ledger.settle(settlement.done(), basis);
    long began = System.nanoTime();
    publisher.publish(settlement.records(), offsets, requireNonNull(owner, "no poll yet"));
    metrics.transaction(System.nanoTime() - began);
    return new SettlementOutcome.Committed();
  }

  /** A client that lost its membership says so by a generation below zero; it owns nothing. */
  private boolean isMember() {
    return owner != null && owner.generationId() >= 0;
  }

  private void refuseWaiting() {
    Waiting refused;
    while ((refused = waiting.poll()) != null) {
      refused.outcome.completeExceptionally(
          new TopicClusterException("Reading segments has ended; nothing was published."));
    }
  }
}
