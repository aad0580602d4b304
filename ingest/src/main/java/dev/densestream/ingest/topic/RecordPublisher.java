package dev.densestream.ingest.topic;

import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Writes single records outside any transaction, acknowledged by all replicas in sync and not
 * doubled by the client's own retries.
 */
final class RecordPublisher implements AutoCloseable {
  private final Producer<String, byte[]> producer;
  private final MeterRegistry meters;

  RecordPublisher(Map<String, Object> properties, MeterRegistry meters) {
    this.producer = new KafkaProducer<>(properties);
    this.meters = meters;
  }

  Mono<RecordPosition> publish(TopicRecord record) {
    return Mono.<RecordPosition>create(sink -> send(record, sink))
        .subscribeOn(
            Schedulers.boundedElastic()); // sending blocks while the client's buffer is full
  }

  private void send(TopicRecord record, MonoSink<RecordPosition> sink) {
    var _ =
        producer.send(
            SettlementPublisher.producerRecord(record),
            (metadata, failure) -> report(record, metadata, failure, sink));
  }

  private void report(
      TopicRecord record,
      RecordMetadata metadata,
      @Nullable Exception failure,
      MonoSink<RecordPosition> sink) {
    var outcome = failure == null ? "written" : "failed";
    meters.counter("densestream.ingest.publishes", "outcome", outcome).increment();
    if (failure == null) {
      sink.success(
          new RecordPosition(metadata.topic(), metadata.partition(), metadata.offset(), 0));
    } else {
      sink.error(
          new TopicClusterException(
              "The record for " + record.key() + " was not written to " + record.topic() + ".",
              failure));
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
