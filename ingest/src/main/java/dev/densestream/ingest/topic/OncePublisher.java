package dev.densestream.ingest.topic;

import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One transaction of a producer that lives as long as it takes. Share groups cannot commit what
 * they have taken together with what was made of it (KIP-932 leaves that out), so what a queued job
 * leads to is kept single by its name instead: see {@link
 * dev.densestream.ingest.TopicCluster#publishOnce}.
 */
final class OncePublisher {
  private OncePublisher() {}

  static Mono<Boolean> publish(
      Map<String, Object> properties, List<TopicRecord> records, Mono<Boolean> wanted) {
    return Mono.usingWhen(
            Mono.<Producer<String, byte[]>>fromSupplier(() -> new KafkaProducer<>(properties)),
            producer ->
                // Once it is open no other writer of this name commits, and what one had
                // committed before can be seen.
                toItsEnd(producer::initTransactions)
                    .then(wanted)
                    .flatMap(
                        write ->
                            write
                                ? toItsEnd(() -> transact(producer, records)).thenReturn(true)
                                : Mono.just(false)),
            producer -> toItsEnd(producer::close))
        .subscribeOn(Schedulers.boundedElastic())
        .onErrorMap(
            KafkaException.class,
            failure ->
                new TopicClusterException(
                    "The records for " + records.getFirst().key() + " were not written; try again.",
                    failure));
  }

  /** Blocks a thread of its own, and goes on when cancelled: interrupted, it would tell nothing. */
  private static Mono<Void> toItsEnd(Runnable work) {
    return Mono.fromFuture(
        () -> CompletableFuture.runAsync(work, Schedulers.boundedElastic()::schedule), true);
  }

  private static void transact(Producer<String, byte[]> producer, List<TopicRecord> records) {
    producer.beginTransaction();
    for (TopicRecord record : records) {
      var _ = producer.send(SettlementPublisher.producerRecord(record)); // fails the commit
    }
    producer.commitTransaction();
  }
}
