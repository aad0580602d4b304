package dev.densestream.ingest.topic;

import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one settlement per transaction: records and offsets become visible together or not at
 * all. Everything is computed before, so a transaction lasts milliseconds. After any failure this
 * publisher is spent.
 *
 * <p>Not thread-safe: belongs to the poll loop.
 */
final class SettlementPublisher implements AutoCloseable {
  private final Producer<String, byte[]> producer;
  private final SettlementFault fault;
  private final @Nullable TornSettlement torn;

  SettlementPublisher(Map<String, Object> properties, SettlementFault fault, TopicSettings topics) {
    this.producer = new KafkaProducer<>(properties);
    this.fault = fault;
    this.torn = fault == SettlementFault.TORN ? new TornSettlement(topics.progress()) : null;
  }

  /** Ends whatever an earlier process left open under this transactional id, and fences it. */
  void open() {
    producer.initTransactions();
  }

  /** The group has moved on to another generation; nothing was published, and one may try again. */
  static final class GenerationPassed extends Exception {
    private static final long serialVersionUID = 1L;

    GenerationPassed(CommitFailedException cause) {
      super(cause);
    }
  }

  /**
   * @param owner the membership under which the records were computed, taken right after the poll
   * @throws GenerationPassed when the coordinator refused {@code owner} and the transaction is
   *     cleanly aborted
   * @throws KafkaException when the transaction broke; it is aborted, now or at its timeout, unless
   *     it was the answer to the commit that got lost
   */
  void publish(
      List<TopicRecord> records, Map<TopicPartition, Long> offsets, ConsumerGroupMetadata owner)
      throws GenerationPassed {
    if (torn == null) {
      transact(records, offsets, owner);
    } else {
      var part = torn.next(records, offsets);
      transact(part.records(), part.offsets(), owner);
    }
  }

  private void transact(
      List<TopicRecord> records, Map<TopicPartition, Long> offsets, ConsumerGroupMetadata owner)
      throws GenerationPassed {
    producer.beginTransaction();
    try {
      for (TopicRecord record : records) {
        var _ = producer.send(producerRecord(record)); // a failed send fails the commit
      }
      if (!offsets.isEmpty()) {
        producer.sendOffsetsToTransaction(committed(offsets), fault.seenBy(owner));
      }
      producer.commitTransaction();
    } catch (RuntimeException failure) {
      boolean aborted = abort(failure);
      if (aborted && refusedMembership(failure) instanceof CommitFailedException refused) {
        throw new GenerationPassed(refused);
      }
      throw failure;
    }
  }

  private boolean abort(RuntimeException failure) {
    if (failure instanceof ProducerFencedException) {
      return false; // the successor has ended the transaction already
    }
    try {
      producer.abortTransaction();
      return true;
    } catch (RuntimeException second) {
      failure.addSuppressed(second); // the broker ends it after the transaction timeout
      return false;
    }
  }

  /** The client reports a refused member directly, or as the cause of the failed commit. */
  private static @Nullable Throwable refusedMembership(RuntimeException failure) {
    return failure instanceof CommitFailedException ? failure : failure.getCause();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }

  @SuppressWarnings("NullAway") // a record's value may be null, which this type cannot say
  static ProducerRecord<String, byte[]> producerRecord(TopicRecord record) {
    var produced = new ProducerRecord<String, byte[]>(record.topic(), record.key(), record.value());
    record
        .headers()
        .forEach(
            (name, value) -> produced.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return produced;
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Map<TopicPartition, Long> offsets) {
    return offsets.entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue())));
  }
}
