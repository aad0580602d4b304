package dev.densestream.ingest.topic;

import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Follows a compacted topic on a thread of its own; a broken connection is taken up again. */
final class CompactedTable<V> implements TopicTable<V>, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(CompactedTable.class);
  private static final Duration TURN = Duration.ofMillis(500);
  private static final long PAUSE_MILLIS = 1000;

  private final String topic;
  private final Map<String, Object> properties;
  private final TopicAdmin admin;
  private final BiFunction<String, byte[], V> parser;
  private final MeterRegistry meters;

  private final Map<String, V> content = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Collection<ChangedKeys> listeners = new CopyOnWriteArrayList<>();
  private final Collection<Waiting> waiting = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> running;

  /** Somebody who waits until every partition has been read up to {@code ends}. */
  private record Waiting(Map<TopicPartition, Long> ends, CompletableFuture<Void> reached) {}

  CompactedTable(
      String topic,
      ClientSettings settings,
      TopicAdmin admin,
      BiFunction<String, byte[], V> parser,
      MeterRegistry meters) {
    this.topic = topic;
    this.properties = settings.reader();
    this.admin = admin;
    this.parser = parser;
    this.meters = meters;
    this.thread = Thread.ofVirtual().name("table-" + topic).unstarted(this);
  }

  CompactedTable<V> start() {
    thread.start();
    return this;
  }

  @Override
  public Optional<V> find(String key) {
    return Optional.ofNullable(content.get(key));
  }

  @Override
  public Map<String, V> snapshot() {
    return Map.copyOf(content);
  }

  @Override
  public Mono<Void> caughtUp() {
    return Mono.defer(
        () ->
            admin
                .highWatermarks(topic)
                .flatMap(
                    ends -> {
                      var reached = new CompletableFuture<Void>();
                      waiting.add(new Waiting(ends, reached));
                      wakeup();
                      return Mono.fromFuture(reached);
                    }));
  }

  @Override
  public Flux<String> changes() {
    return Flux.<String>create(
            sink -> {
              var untold = new ChangedKeys(sink);
              listeners.add(untold);
              sink.onDispose(() -> listeners.remove(untold));
            },
            FluxSink.OverflowStrategy.IGNORE) // ChangedKeys obeys demand itself
        .publishOn(Schedulers.boundedElastic(), 1);
  }

  @Override
  public void close() {
    closed.countDown();
    wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      do {
        followUntilBroken();
      } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    waiting.forEach(waiter -> waiter.reached.cancel(false));
  }

  private void followUntilBroken() {
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
      begin(consumer);
      running = consumer;
      while (closed.getCount() > 0) {
        turn(consumer);
      }
    } catch (KafkaException failure) {
      LOG.warn("following topic {} broke off and is taken up again: {}", topic, failure.toString());
    } finally {
      running = null;
    }
  }

  private void begin(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      var position = positions.get(partition);
      if (position == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, position);
      }
    }
  }

  private void turn(Consumer<byte[], byte[]> consumer) {
    try {
      consumer.poll(TURN).forEach(this::apply);
      for (TopicPartition partition : consumer.assignment()) {
        positions.put(partition, consumer.position(partition));
      }
    } catch (WakeupException _) {
      // somebody waits, or the end
    }
    waiting.removeIf(this::tellIfReached);
  }

  private boolean tellIfReached(Waiting waiter) {
    boolean reached =
        waiter.ends.entrySet().stream()
            .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    if (reached) {
      waiter.reached.complete(null);
    }
    return reached;
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    var stored = TopicTail.stored(record);
    byte @Nullable [] value = stored.value();
    if (value == null) {
      content.remove(stored.key());
    } else {
      try {
        content.put(stored.key(), parser.apply(stored.key(), value));
      } catch (RuntimeException unreadable) {
        meters.counter("densestream.ingest.table.unreadable", "topic", topic).increment();
        LOG.warn("skipped unreadable record at {}", stored.position().eventId(), unreadable);
        return;
      }
    }
    listeners.forEach(listener -> listener.changed(stored.key()));
  }

  private void wakeup() {
    var consumer = running;
    if (consumer != null) {
      consumer.wakeup();
    }
  }
}
