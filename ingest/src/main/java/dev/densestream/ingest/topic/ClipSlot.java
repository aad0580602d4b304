package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.StoredRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * One member of the share group on one thread: takes a job, keeps its lock by renewing it while the
 * job is worked on, and reports the verdict.
 */
final class ClipSlot implements Runnable {
  private static final Duration TURN = Duration.ofMillis(500);
  private static final int USUAL_LOCK_MILLIS = 30_000;

  private final String topic;
  private final Supplier<ShareConsumer<byte[], byte[]>> clients;
  private final ClipQueue clips;
  private final MeterRegistry meters;
  private volatile @Nullable ShareConsumer<byte[], byte[]> running;
  private volatile @Nullable Lease held;

  ClipSlot(
      String topic,
      Supplier<ShareConsumer<byte[], byte[]>> clients,
      ClipQueue clips,
      MeterRegistry meters) {
    this.topic = topic;
    this.clients = clients;
    this.clips = clips;
    this.meters = meters;
  }

  /** The job that is held goes back to the queue. */
  void stop() {
    var lease = held;
    if (lease != null) {
      lease.release();
    }
    var consumer = running;
    if (consumer != null && lease == null) {
      consumer.wakeup();
    }
  }

  @Override
  public void run() {
    try (var consumer = clients.get()) {
      running = consumer;
      consumer.subscribe(Set.of(topic));
      while (!clips.stopping()) {
        if (clips.awaitDemand()) {
          takeOne(consumer);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      clips.fail(failure);
    } finally {
      running = null;
    }
  }

  private void takeOne(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    var record = poll(consumer);
    if (record == null) {
      return;
    }
    var lease = new Lease(TopicTail.stored(record), record.deliveryCount().orElse((short) 1));
    held = lease;
    clips.offer(lease);
    if (clips.stopping()) {
      lease.release(); // stop() may have looked before the lease was there
    }
    settle(consumer, record, lease);
    held = null;
  }

  private void settle(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> taken, Lease lease)
      throws InterruptedException {
    @Nullable ConsumerRecord<byte[], byte[]> record = taken;
    long third = consumer.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MILLIS) / 3;
    while (record != null) {
      var verdict = lease.await(third);
      consumer.acknowledge(record, verdict);
      if (verdict != AcknowledgeType.RENEW) {
        boolean kept = consumer.commitSync().values().stream().allMatch(Optional::isEmpty);
        count(kept ? verdict.toString() : "lost");
        return;
      }
      record = renewed(consumer, record);
    }
    count("lost"); // the lock ran out all the same: the job is somebody else's now
  }

  /** Sends the renewal and takes the same record up again; null when the lock was lost. */
  private @Nullable ConsumerRecord<byte[], byte[]> renewed(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> before) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      var record = poll(consumer);
      if (record == null) {
        continue;
      }
      if (record.partition() == before.partition() && record.offset() == before.offset()) {
        return record;
      }
      consumer.acknowledge(record, AcknowledgeType.RELEASE);
      return null;
    }
    return null;
  }

  private @Nullable ConsumerRecord<byte[], byte[]> poll(ShareConsumer<byte[], byte[]> consumer) {
    try {
      var records = consumer.poll(TURN).iterator();
      return records.hasNext() ? records.next() : null;
    } catch (WakeupException _) {
      return null;
    }
  }

  private void count(String outcome) {
    meters.counter("densestream.ingest.clips", "outcome", outcome).increment();
  }

  /** The first verdict counts; any thread may give it. */
  private static final class Lease implements ClipLease {
    private final StoredRecord record;
    private final int deliveryCount;
    private final CompletableFuture<AcknowledgeType> verdict = new CompletableFuture<>();

    Lease(StoredRecord record, int deliveryCount) {
      this.record = record;
      this.deliveryCount = deliveryCount;
    }

    @Override
    public StoredRecord record() {
      return record;
    }

    @Override
    public int deliveryCount() {
      return deliveryCount;
    }

    @Override
    public void accept() {
      verdict.complete(AcknowledgeType.ACCEPT);
    }

    @Override
    public void release() {
      verdict.complete(AcknowledgeType.RELEASE);
    }

    @Override
    public void reject() {
      verdict.complete(AcknowledgeType.REJECT);
    }

    AcknowledgeType await(long millis) throws InterruptedException {
      try {
        return verdict.get(millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        return AcknowledgeType.RENEW;
      } catch (ExecutionException impossible) {
        throw new IllegalStateException("a verdict never fails", impossible);
      }
    }
  }
}
