package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicSettings;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The cluster by way of Kafka's own clients. Public for the factory in {@link TopicCluster}. */
public final class KafkaTopicCluster implements TopicCluster {
  private final ClientSettings settings;
  private final MeterRegistry meters;
  private final @Nullable EmbeddedBroker broker;
  private final TopicAdmin admin;
  private final RecordPublisher publisher;
  private final LagGauge lag;
  private final Deque<Runnable> handedOut = new ArrayDeque<>();
  private final Set<ClipQueue> clipQueues = ConcurrentHashMap.newKeySet();

  private KafkaTopicCluster(
      ClientSettings settings, MeterRegistry meters, @Nullable EmbeddedBroker broker) {
    this.settings = settings;
    this.meters = meters;
    this.broker = broker;
    this.admin = new TopicAdmin(settings.admin());
    this.publisher = new RecordPublisher(settings.producer(), meters);
    this.lag = new LagGauge(this::lag, meters);
  }

  /** See {@link TopicCluster#connect}. */
  public static KafkaTopicCluster connect(ClusterSettings settings, MeterRegistry meters) {
    var ours = settings.bootstrapServers().isBlank();
    var broker = ours ? EmbeddedBroker.start(settings.broker()) : null;
    var servers = broker == null ? settings.bootstrapServers() : broker.bootstrapServers();
    try {
      return new KafkaTopicCluster(new ClientSettings(settings, servers), meters, broker);
    } catch (TopicClusterException | KafkaException refused) {
      if (broker != null) {
        broker.close();
      }
      throw refused instanceof TopicClusterException known
          ? known
          : new TopicClusterException(
              "Kafka at " + servers + " cannot be used; check the address and the client settings.",
              refused);
    }
  }

  @Override
  public Mono<Void> createTopics() {
    return admin
        .createMissing(TopicPlan.of(topics()))
        .then(admin.readFromOldest(settings.cluster().group().clipGroup()));
  }

  @Override
  public TopicSettings topics() {
    return settings.cluster().topics();
  }

  @Override
  public SegmentConsumer segmentConsumer(String instanceId) {
    var consumer =
        new GroupSegmentConsumer(settings, instanceId, new ConsumerMetrics(meters, instanceId));
    own(consumer::close);
    return consumer;
  }

  @Override
  public Mono<RecordPosition> publish(TopicRecord record) {
    return publisher.publish(record);
  }

  @Override
  public Mono<RecordPosition> publish(Segment segment) {
    return Mono.fromSupplier(() -> SegmentCodec.encode(topics().segments(), segment))
        .flatMap(publisher::publish)
        .onErrorMap(
            failure -> failure.getCause() instanceof RecordTooLargeException,
            _ -> tooLarge(segment));
  }

  private static MediaRefusedException tooLarge(Segment segment) {
    return new MediaRefusedException(
        "segment_too_large",
        "A segment of %s has %d bytes, more than Kafka takes as one record; use a source with less data per second or more keyframes."
            .formatted(segment.stream(), segment.media().sizeBytes()));
  }

  @Override
  public Mono<Boolean> publishOnce(String name, List<TopicRecord> records, Mono<Boolean> wanted) {
    return OncePublisher.publish(settings.once(name), records, wanted);
  }

  @Override
  public <V> TopicTable<V> table(String topic, BiFunction<String, byte[], V> parser) {
    var table = new CompactedTable<>(topic, settings, admin, parser, meters).start();
    own(table::close);
    return table;
  }

  @Override
  public Flux<StoredRecord> tail(String topic, Map<Integer, Long> after, Start start) {
    return TopicTail.follow(settings.reader(), new TopicTail.From(topic, after, start));
  }

  @Override
  public Mono<Map<Integer, Long>> ends(String topic) {
    return admin.ends(topic);
  }

  @Override
  public Flux<ClipLease> clips(int concurrency) {
    return ClipQueue.take(settings, topics().clips(), concurrency, meters, clipQueues);
  }

  @Override
  public Mono<Long> lag() {
    return admin.lag(settings.cluster().group().segmentGroup(), topics().segments());
  }

  @Override
  public String bootstrapServers() {
    return settings.bootstrapServers();
  }

  @Override
  public Mono<List<Integer>> partitions(String topic) {
    return admin.partitions(topic);
  }

  /** Closes what was handed out, newest first, then the clients they used, then the broker. */
  @Override
  public void close() {
    lag.close();
    clipQueues.forEach(ClipQueue::close);
    synchronized (handedOut) {
      while (!handedOut.isEmpty()) {
        handedOut.pop().run();
      }
    }
    publisher.close();
    admin.close();
    if (broker != null) {
      broker.close();
    }
  }

  private void own(Runnable closing) {
    synchronized (handedOut) {
      handedOut.push(closing);
    }
  }
}
