package dev.densestream.ingest.topic;

import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.Settlement;
import dev.densestream.ingest.SettlementOutcome;
import dev.densestream.ingest.TopicClusterException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A member that can end and begin again: each subscription runs a fresh {@link SegmentConsumerLoop}
 * with fresh clients, after the one before has closed its own.
 */
final class GroupSegmentConsumer implements SegmentConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(GroupSegmentConsumer.class);
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final ClientSettings settings;
  private final String instanceId;
  private final ConsumerMetrics metrics;
  private final SettlementFault fault = SettlementFault.fromSystemProperty();
  private final ThreadFactory subscriberThread;
  private final AtomicLong epochs = new AtomicLong();
  private @Nullable Running running;
  private boolean closed;

  private record Running(SegmentConsumerLoop loop, Thread thread) {}

  GroupSegmentConsumer(ClientSettings settings, String instanceId, ConsumerMetrics metrics) {
    this.settings = settings;
    this.instanceId = instanceId;
    this.metrics = metrics;
    this.subscriberThread = Thread.ofPlatform().daemon().name("segments-" + instanceId).factory();
  }

  @Override
  public Flux<ReceivedSegment> segments() {
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super ReceivedSegment> subscriber) {
        begin(subscriber);
      }
    };
  }

  @Override
  public Mono<SettlementOutcome> settle(Settlement settlement) {
    return Mono.fromFuture(
        () -> {
          var present = present();
          if (present == null) {
            throw new TopicClusterException("Nobody reads segments; nothing was published.");
          }
          return present.loop.settle(settlement);
        },
        true);
  }

  @Override
  public boolean joined() {
    var present = present();
    return present != null && present.loop.joined();
  }

  @Override
  public void close() {
    Running last;
    synchronized (this) {
      closed = true;
      last = running;
    }
    if (last != null) {
      last.loop.leave();
      awaitEnd(last.thread);
    }
  }

  private synchronized @Nullable Running present() {
    return running;
  }

  private void begin(CoreSubscriber<? super ReceivedSegment> subscriber) {
    var loop =
        new SegmentConsumerLoop(
            settings.cluster().topics().segments(),
            new SegmentConsumerLoop.Clients(
                () -> new KafkaConsumer<>(settings.member(instanceId)),
                () ->
                    new SettlementPublisher(
                        settings.settler(instanceId), fault, settings.cluster().topics())),
            metrics,
            epochs);
    var queue =
        new DemandQueue<ReceivedSegment>(
            subscriber,
            subscriberThread,
            GroupSegmentConsumer::sizeOf,
            settings.cluster().group().queueBytes(),
            loop);
    loop.deliverTo(queue);
    try {
      var thread = takeOver(loop);
      subscriber.onSubscribe(queue);
      thread.start();
    } catch (TopicClusterException refused) {
      Operators.error(subscriber, refused);
    }
  }

  /** The thread of {@code loop}, which begins once the loop before it has closed its clients. */
  private synchronized Thread takeOver(SegmentConsumerLoop loop) {
    var before = running;
    if (closed) {
      throw new TopicClusterException("The segment consumer " + instanceId + " is closed.");
    }
    if (before != null && !before.loop.stopping()) {
      throw new TopicClusterException(
          "The segment consumer " + instanceId + " has a subscriber already.");
    }
    var thread =
        Thread.ofPlatform()
            .daemon()
            .name("segment-loop-" + instanceId)
            .unstarted(
                () -> {
                  if (before != null) {
                    awaitEnd(before.thread);
                  }
                  loop.run();
                });
    running = new Running(loop, thread);
    return thread;
  }

  private static boolean awaitEnd(Thread thread) {
    try {
      if (thread.getState() == Thread.State.NEW) {
        return true; // told to stop before it began
      }
      boolean ended = thread.join(CLOSING);
      if (!ended) {
        LOG.warn("{} does not end within {}", thread.getName(), CLOSING);
      }
      return ended;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long sizeOf(ReceivedSegment received) {
    return switch (received) {
      case ReceivedSegment.Intact intact -> intact.segment().media().sizeBytes();
      case ReceivedSegment.Poison _ -> 0;
    };
  }
}
