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
    return Mono.fromFuture(
            () ->
                CompletableFuture.supplyAsync(
                    () -> transact(properties, List.copyOf(records), wanted),
                    Schedulers.boundedElastic()::schedule),
            true) // a transaction that was begun is not interrupted: it lasts milliseconds
        .onErrorMap(
            KafkaException.class,
            failure ->
                new TopicClusterException(
                    "The records for " + records.getFirst().key() + " were not written; try again.",
                    failure));
  }

  private static boolean transact(
      Map<String, Object> properties, List<TopicRecord> records, Mono<Boolean> wanted) {
    try (Producer<String, byte[]> producer = new KafkaProducer<>(properties)) {
      producer.initTransactions();
      // From here on no other writer of this name commits, and what one had committed can be seen.
      if (!wanted.toFuture().join()) {
        return false;
      }
      producer.beginTransaction();
      for (TopicRecord record : records) {
        var _ = producer.send(SettlementPublisher.producerRecord(record)); // fails the commit
      }
      producer.commitTransaction();
      return true;
    }
  }
}
