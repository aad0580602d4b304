package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.TopicClusterException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Clip jobs for one subscriber: a fixed number of slots, each a member of the share group that
 * holds at most one lease. A slot asks for a job only when there is demand for one.
 */
final class ClipQueue implements DemandQueue.Loop {
  private static final Logger LOG = LoggerFactory.getLogger(ClipQueue.class);
  private static final long LONGEST_GOODBYE_SECONDS = 5;
  private final List<ClipSlot> slots = new ArrayList<>();
  private final Semaphore wanted = new Semaphore(0);
  private volatile boolean stopping;
  private final CountDownLatch ended;
  private @Nullable DemandQueue<ClipLease> queue;

  private ClipQueue(int concurrency) {
    this.ended = new CountDownLatch(concurrency);
  }

  static Flux<ClipLease> take(
      ClientSettings settings,
      String topic,
      int concurrency,
      MeterRegistry meters,
      Set<ClipQueue> open) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be >= 1: was " + concurrency);
    }
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super ClipLease> subscriber) {
        var clips = new ClipQueue(concurrency);
        open.add(clips);
        var queue =
            new DemandQueue<ClipLease>(
                subscriber, Thread.ofPlatform().daemon().name("clips").factory(), _ -> 0, 1, clips);
        clips.queue = queue;
        for (int slot = 0; slot < concurrency; slot++) {
          clips.slots.add(
              new ClipSlot(
                  topic, () -> new KafkaShareConsumer<>(settings.clipMember()), clips, meters));
        }
        subscriber.onSubscribe(queue);
        clips.slots.forEach(
            slot -> Thread.ofVirtual().name("clip-slot").start(() -> clips.run(slot, open)));
      }
    };
  }

  @Override
  public void wake() {
    wanted.release();
  }

  /** Every slot gives its lease back and leaves. */
  @Override
  public void stop() {
    stopping = true;
    wanted.release(slots.size());
    slots.forEach(ClipSlot::stop);
  }

  private void run(ClipSlot slot, Set<ClipQueue> open) {
    try {
      slot.run();
    } finally {
      ended.countDown();
      if (ended.getCount() == 0) {
        open.remove(this);
      }
    }
  }

  /**
   * Stops, and waits until the leases have been given back: else each waits for its lock to end.
   */
  void close() {
    stop();
    try {
      if (!ended.await(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a clip job may be delivered again only when its lock has run out");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  boolean stopping() {
    return stopping;
  }

  /** Waits a moment for demand; says whether there is any. */
  boolean awaitDemand() throws InterruptedException {
    if (queue().wantsMore()) {
      return true;
    }
    wanted.drainPermits();
    return queue().wantsMore()
        || (wanted.tryAcquire(250, TimeUnit.MILLISECONDS) && queue().wantsMore());
  }

  void offer(ClipLease lease) {
    queue().offer(lease);
  }

  /** One slot's end is the end of the queue: whoever reads it takes it up again whole. */
  void fail(RuntimeException failure) {
    stop();
    queue()
        .fail(
            new TopicClusterException(
                "Taking clip jobs broke off; jobs that were held go back to the queue.", failure));
  }

  private DemandQueue<ClipLease> queue() {
    var present = queue;
    if (present == null) {
      throw new IllegalStateException("the slots run without a subscriber");
    }
    return present;
  }
}
