package dev.densestream.ingest.topic;

import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster.Start;
import dev.densestream.ingest.TopicClusterException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Follows all partitions of one topic for one subscriber, outside any group. Its thread is virtual:
 * there may be one tail for each person who watches answers.
 */
final class TopicTail implements Runnable, DemandQueue.Loop {
  private static final Duration TURN = Duration.ofMillis(500);
  private static final long MOST_BYTES = 4 << 20;

  private final Map<String, Object> properties;
  private final From from;
  private @Nullable DemandQueue<StoredRecord> queue;
  private volatile @Nullable Consumer<byte[], byte[]> running;
  private volatile boolean idle = true;
  private volatile boolean stopping;

  /**
   * Where to begin.
   *
   * @param after per partition the last offset already seen
   */
  record From(String topic, Map<Integer, Long> after, Start start) {
    From {
      after = Map.copyOf(after);
    }
  }

  private TopicTail(Map<String, Object> properties, From from) {
    this.properties = properties;
    this.from = from;
  }

  static Flux<StoredRecord> follow(Map<String, Object> properties, From from) {
    return new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super StoredRecord> subscriber) {
        var tail = new TopicTail(properties, from);
        var queue =
            new DemandQueue<StoredRecord>(
                subscriber,
                Thread.ofVirtual().name("tail-" + from.topic()).factory(),
                TopicTail::sizeOf,
                MOST_BYTES,
                tail);
        tail.queue = queue;
        subscriber.onSubscribe(queue);
        Thread.ofVirtual().name("tail-loop-" + from.topic()).start(tail);
      }
    };
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

  private void wakeup() {
    var consumer = running;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  @Override
  public void run() {
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
      begin(consumer);
      running = consumer;
      while (!stopping) {
        turn(consumer);
      }
    } catch (RuntimeException failure) {
      queue()
          .fail(
              new TopicClusterException(
                  "Following topic " + from.topic() + " broke off; follow it again.", failure));
    } finally {
      running = null;
      queue().complete();
    }
  }

  private void begin(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(from.topic()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    List<TopicPartition> unseen = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      var seen = from.after().get(partition.partition());
      if (seen == null) {
        unseen.add(partition);
      } else {
        consumer.seek(partition, seen + 1);
      }
    }
    if (!unseen.isEmpty()) { // to the client, none means all
      switch (from.start()) {
        case EARLIEST -> consumer.seekToBeginning(unseen);
        case LATEST -> consumer.seekToEnd(unseen);
      }
    }
    unseen.forEach(consumer::position); // where the end is now, not where it is at the first demand
  }

  /** Said idle before looking, so that demand arriving in between wakes the poll. */
  private void turn(Consumer<byte[], byte[]> consumer) {
    idle = true;
    if (queue().wantsMore()) {
      idle = false;
      consumer.resume(consumer.paused());
    } else {
      consumer.pause(consumer.assignment());
    }
    try {
      consumer.poll(TURN).forEach(record -> queue().offer(stored(record)));
    } catch (WakeupException _) {
      // demand or the end: the next turn sees which
    }
  }

  /** A record of any producer; a missing key reads as empty, and what is not text is replaced. */
  static StoredRecord stored(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    return new StoredRecord(
        new RecordPosition(record.topic(), record.partition(), record.offset(), 0),
        text(record.key()),
        record.value(),
        headers,
        Instant.ofEpochMilli(record.timestamp()));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static long sizeOf(StoredRecord record) {
    byte @Nullable [] value = record.value();
    return value == null ? 0 : value.length;
  }

  private DemandQueue<StoredRecord> queue() {
    var present = queue;
    if (present == null) {
      throw new IllegalStateException("the tail runs without a subscriber");
    }
    return present;
  }
}
