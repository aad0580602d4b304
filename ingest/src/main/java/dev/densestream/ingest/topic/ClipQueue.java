package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.TopicClusterException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Clip jobs for one subscriber: a fixed number of slots, each a member of the share group that
 * holds at most one lease. A slot asks for a job only when there is demand for one.
 */
final class ClipQueue implements DemandQueue.Loop {
  private final List<ClipSlot> slots = new ArrayList<>();
  private final Semaphore wanted = new Semaphore(0);
  private volatile boolean stopping;
  private @Nullable DemandQueue<ClipLease> queue;

  private ClipQueue() {}

  static Flux<ClipLease> take(
      ClientSettings settings, String topic, int concurrency, MeterRegistry meters) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be >= 1: was " + concurrency);
    }
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super ClipLease> subscriber) {
        var clips = new ClipQueue();
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
        clips.slots.forEach(slot -> Thread.ofVirtual().name("clip-slot").start(slot));
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
