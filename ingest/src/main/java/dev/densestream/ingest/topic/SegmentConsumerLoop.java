package dev.densestream.ingest.topic;

import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.Settlement;
import dev.densestream.ingest.SettlementOutcome;
import dev.densestream.ingest.TopicClusterException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership of the group that reads segments, from joining to leaving: one thread that polls,
 * settles and keeps the ledger, so that a rebalance can never run beside a settlement.
 *
 * <p>Which partitions are paused is worked out anew in every turn from the present assignment and
 * demand; it is not remembered, because a rebalance may hand out partitions in any state.
 */
final class SegmentConsumerLoop implements Runnable, DemandQueue.Loop {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentConsumerLoop.class);
  private static final Duration TURN = Duration.ofMillis(250);
  private static final Duration CLOSING = Duration.ofSeconds(4);

  private final String topic;
  private final Clients clients;
  private final ConsumerMetrics metrics;
  private final AtomicLong epochs;
  private final OffsetLedger ledger = new OffsetLedger();
  private final SettlementDesk desk;

  private @Nullable DemandQueue<ReceivedSegment> queue;
  private volatile @Nullable Consumer<byte[], byte[]> running;
  private volatile boolean idle = true;
  private volatile boolean stopping;
  private volatile boolean leaving;
  private volatile boolean joined;

  /** How the two clients of one membership are made, on the thread of the loop. */
  record Clients(
      Supplier<Consumer<byte[], byte[]>> consumer, Supplier<SettlementPublisher> publisher) {}

  /**
   * @param epochs counts assignments over all memberships of this member, so that no position of an
   *     earlier one is ever taken for current
   */
  SegmentConsumerLoop(String topic, Clients clients, ConsumerMetrics metrics, AtomicLong epochs) {
    this.topic = topic;
    this.clients = clients;
    this.metrics = metrics;
    this.epochs = epochs;
    this.desk = new SettlementDesk(ledger, metrics);
  }

  void deliverTo(DemandQueue<ReceivedSegment> queue) {
    this.queue = queue;
    metrics.watch(queue);
  }

  boolean joined() {
    return joined;
  }

  boolean stopping() {
    return stopping;
  }

  /** Queues a settlement for the next turn; the outcome fails when this membership ends first. */
  CompletableFuture<SettlementOutcome> settle(Settlement settlement) {
    var outcome = desk.hand(settlement);
    wakeup();
    return outcome;
  }

  @Override
  public void wake() {
    if (idle) {
      wakeup();
    }
  }

  @Override
  public void stop() {
    stopping = true;
    wakeup();
  }

  /** Stops, and gives the partitions up at once instead of keeping them for a restart. */
  void leave() {
    leaving = true;
    stop();
  }

  private void wakeup() {
    var consumer = running;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  @Override
  public void run() {
    try (var publisher = clients.publisher().get();
        var consumer = clients.consumer().get()) {
      running = consumer;
      try {
        publisher.open();
        consumer.subscribe(Set.of(topic), new Assignments(consumer));
        while (!stopping) {
          turn(consumer, publisher);
        }
        desk.settleAll(publisher);
      } finally {
        consumer.close(departure());
      }
    } catch (RuntimeException failure) {
      end(failure);
    } finally {
      stopping = true;
      joined = false;
      running = null;
      desk.close();
      queue().complete();
    }
  }

  /** A static member that just closes keeps its partitions for a while, in case it comes back. */
  private CloseOptions departure() {
    return CloseOptions.timeout(CLOSING)
        .withGroupMembershipOperation(
            leaving
                ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
                : CloseOptions.GroupMembershipOperation.DEFAULT);
  }

  private void turn(Consumer<byte[], byte[]> consumer, SettlementPublisher publisher) {
    desk.settleAll(publisher);
    steer(consumer);
    try {
      consumer.poll(TURN).forEach(this::receive);
    } catch (WakeupException _) {
      // demand, a settlement or the end: the next turn sees which
    } finally {
      desk.owner(consumer.groupMetadata());
    }
  }

  /** Said idle before looking, so that demand arriving in between wakes the poll. */
  private void steer(Consumer<byte[], byte[]> consumer) {
    idle = true;
    if (queue().wantsMore()) {
      idle = false;
      consumer.resume(consumer.paused());
    } else {
      consumer.pause(consumer.assignment());
    }
    metrics.paused(idle);
  }

  private void receive(ConsumerRecord<byte[], byte[]> record) {
    var partition = new TopicPartition(record.topic(), record.partition());
    var position = ledger.received(partition, record.offset());
    if (position == null) {
      return; // revoked by the poll that fetched it
    }
    var segment = SegmentCodec.decode(record, position);
    metrics.received(segment, record.serializedValueSize());
    queue().offer(segment);
  }

  private void end(RuntimeException failure) {
    LOG.warn("reading segments ends: {}", failure.toString());
    stopping = true;
    queue()
        .fail(
            new TopicClusterException(
                "Reading segments and publishing answers broke off; what is not committed is read"
                    + " again.",
                failure));
  }

  private DemandQueue<ReceivedSegment> queue() {
    var present = queue;
    if (present == null) {
      throw new IllegalStateException("the loop runs without a subscriber");
    }
    return present;
  }

  /** Called by the consumer within a poll, hence on the thread of the loop. */
  private final class Assignments implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    Assignments(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      ledger.assign(partitions, epochs.incrementAndGet());
      if (idle) {
        consumer.pause(partitions); // this same poll would fetch from them otherwise
      }
      joined = true;
      metrics.rebalanced("assigned");
      LOG.info("partitions assigned: {}", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      forget(partitions);
      metrics.rebalanced("revoked");
      LOG.info("partitions revoked: {}", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      forget(partitions);
      joined = false;
      metrics.rebalanced("lost");
      LOG.warn("partitions lost, this member was silent for too long: {}", partitions);
    }

    /** Work in flight for these goes on, but its settlement will be stale. */
    private void forget(Collection<TopicPartition> partitions) {
      ledger.revoke(partitions);
      var gone = Set.copyOf(partitions);
      metrics.dropped(
          "revoked",
          queue().remove(segment -> gone.contains(OffsetLedger.partitionOf(segment.position()))));
    }
  }
}
