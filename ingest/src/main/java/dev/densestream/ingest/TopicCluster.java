package dev.densestream.ingest;

import dev.densestream.ingest.topic.KafkaTopicCluster;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The Kafka cluster as the rest of the service sees it. The only door to Kafka clients; owns every
 * client it hands out and closes them with itself.
 */
public interface TopicCluster extends AutoCloseable {
  /**
   * Connects to the Kafka named in {@code settings}, or starts a broker in this process where none
   * is named. Blocks: a broker takes a few seconds to start. Creates no topics.
   *
   * @throws TopicClusterException when the settings are refused or the broker cannot start
   */
  static TopicCluster connect(ClusterSettings settings, MeterRegistry meters) {
    return KafkaTopicCluster.connect(settings, meters);
  }

  /**
   * Creates missing topics with the stated partitions and retention; an existing topic is left as
   * it is.
   */
  Mono<Void> createTopics();

  TopicSettings topics();

  /**
   * Member {@code instanceId} of the answer group; also the transactional id's suffix, so stable
   * over restarts.
   */
  SegmentConsumer segmentConsumer(String instanceId);

  /**
   * Writes one record durably (acks=all, idempotent), outside any transaction; emits where it
   * stands.
   */
  Mono<RecordPosition> publish(TopicRecord record);

  /**
   * Writes one segment to the segments topic, in the form every reader of it understands. Its media
   * must be {@link Media.Bytes}: a recorded clip of a whole file travels as a clip job. Errors with
   * {@link MediaRefusedException} {@code segment_too_large} when no record holds it.
   */
  Mono<RecordPosition> publish(Segment segment);

  /**
   * Writes all records in one transaction, or none of them, so that of all writers of one name at
   * most one at a time gets through: ends what another has open under that name and shuts it out,
   * then asks {@code wanted}, and writes if that says so. With a record of a table among the
   * records, and {@code wanted} looking for it there once it has caught up, they are written once,
   * however often and by however many processes this is tried.
   *
   * @param name of what is written; part of a transactional id
   * @param wanted asked when nobody else can write under this name any more
   * @return whether they were written; an error leaves that open, and one may try again
   */
  Mono<Boolean> publishOnce(String name, List<TopicRecord> records, Mono<Boolean> wanted);

  /**
   * Follows a compacted topic.
   *
   * @param parser makes key and value of a record into what the table holds; whatever it throws has
   *     the record skipped, logged and counted
   */
  <V> TopicTable<V> table(String topic, BiFunction<String, byte[], V> parser);

  /**
   * Follows a topic for ever, {@code read_committed}, each partition in order, with demand.
   *
   * @param after per partition the last offset already seen; partitions not named start at {@code
   *     start}
   */
  Flux<StoredRecord> tail(String topic, Map<Integer, Long> after, Start start);

  /** Where a reader starts on partitions it has no position for. */
  enum Start {
    EARLIEST,
    LATEST
  }

  /**
   * Per partition the offset the next visible record will have at least: the last stable offset. A
   * reader that wants only what comes from now on starts behind one less.
   */
  Mono<Map<Integer, Long>> ends(String topic);

  /** Clip jobs from the share group, at most {@code concurrency} leases held at once. */
  Flux<ClipLease> clips(int concurrency);

  /** Consumer lag of the answer group, records over all partitions of the segments topic. */
  Mono<Long> lag();

  /** {@code host:port} list clients connect to; useful to print. */
  String bootstrapServers();

  /** Partitions of a topic, for readers that need them all. */
  Mono<List<Integer>> partitions(String topic);

  @Override
  void close();
}
