package dev.densestream.ingest.topic;

import dev.densestream.ingest.TopicClusterException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** Questions and orders to the cluster that are about topics and groups, not about records. */
final class TopicAdmin implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

  /** A broker hears of a topic that was just created a moment after the controller said so. */
  private static final RetryBackoffSpec UNTIL_KNOWN =
      Retry.fixedDelay(50, Duration.ofMillis(100))
          .filter(TopicAdmin::unknown)
          .onRetryExhaustedThrow((_, last) -> last.failure());

  private final Admin admin;

  TopicAdmin(Map<String, Object> properties) {
    this.admin = Admin.create(properties);
  }

  /** Creates what is missing; what exists stays as its owner made it. */
  Mono<Void> createMissing(List<NewTopic> planned) {
    return ask(() -> admin.listTopics().names())
        .flatMap(
            existing -> {
              var missing =
                  planned.stream().filter(topic -> !existing.contains(topic.name())).toList();
              LOG.info("topics to create: {}", missing.stream().map(NewTopic::name).toList());
              return missing.isEmpty()
                  ? Mono.<Void>empty()
                  : ask(() -> admin.createTopics(missing).all())
                      .onErrorComplete(TopicAdmin::alreadyThere);
            });
  }

  /** A share group without a position begins with the oldest job, not with the next one. */
  Mono<Void> readFromOldest(String shareGroup) {
    var group = new ConfigResource(ConfigResource.Type.GROUP, shareGroup);
    Collection<AlterConfigOp> change =
        List.of(
            new AlterConfigOp(
                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET));
    return ask(() -> admin.incrementalAlterConfigs(Map.of(group, change)).all());
  }

  Mono<List<Integer>> partitions(String topic) {
    return describe(topic)
        .map(
            description ->
                description.partitions().stream().map(TopicPartitionInfo::partition).toList());
  }

  /** One past the last record of each partition, whatever becomes of its transaction. */
  Mono<Map<TopicPartition, Long>> highWatermarks(String topic) {
    return describe(topic).flatMap(description -> offsets(description, OffsetSpec.latest()));
  }

  /** Per partition the last stable offset: everything before it is decided and visible. */
  Mono<Map<Integer, Long>> ends(String topic) {
    return describe(topic)
        .flatMap(
            description -> offsets(description, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED))
        .map(
            found ->
                found.entrySet().stream()
                    .collect(
                        Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue)));
  }

  /** Records between what {@code group} has committed and the end of {@code topic}. */
  Mono<Long> lag(String group, String topic) {
    return describe(topic)
        .flatMap(
            description ->
                Mono.zip(
                    offsets(description, OffsetSpec.latest()),
                    offsets(description, OffsetSpec.earliest()),
                    ask(
                        () ->
                            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())))
        .map(found -> lag(found.getT1(), found.getT2(), found.getT3()));
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }

  private static long lag(
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, OffsetAndMetadata> committed) {
    return ends.entrySet().stream()
        .mapToLong(
            end -> {
              var position = committed.get(end.getKey());
              long start = starts.getOrDefault(end.getKey(), 0L);
              return end.getValue()
                  - (position == null ? start : Math.max(start, position.offset()));
            })
        .sum();
  }

  private Mono<TopicDescription> describe(String topic) {
    return ask(() -> admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
        .retryWhen(UNTIL_KNOWN);
  }

  private Mono<Map<TopicPartition, Long>> offsets(TopicDescription topic, OffsetSpec spec) {
    return offsets(topic, spec, IsolationLevel.READ_UNCOMMITTED);
  }

  private Mono<Map<TopicPartition, Long>> offsets(
      TopicDescription topic, OffsetSpec spec, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    topic
        .partitions()
        .forEach(
            partition -> asked.put(new TopicPartition(topic.name(), partition.partition()), spec));
    var options = new ListOffsetsOptions(isolation);
    return ask(() -> admin.listOffsets(asked, options).all())
        .retryWhen(UNTIL_KNOWN)
        .map(
            found ->
                found.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue().offset())));
  }

  private static <T> Mono<T> ask(Supplier<KafkaFuture<T>> question) {
    return Mono.fromFuture(() -> question.get().toCompletionStage().toCompletableFuture())
        .onErrorMap(
            failure ->
                new TopicClusterException(
                    "Kafka does not do what it is asked; check that it runs and grants access.",
                    failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure));
  }

  private static boolean unknown(Throwable failure) {
    return failure.getCause() instanceof UnknownTopicOrPartitionException;
  }

  private static boolean alreadyThere(Throwable failure) {
    return failure.getCause() instanceof TopicExistsException;
  }
}
