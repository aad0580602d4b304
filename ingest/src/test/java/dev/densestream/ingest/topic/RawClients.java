package dev.densestream.ingest.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Kafka's own clients, used past our code: the producer nobody here wrote, the outside view. */
final class RawClients {
  private RawClients() {}

  @SuppressWarnings("NullAway") // keys and values may be null, which these types cannot say
  static void send(
      ClientSettings settings,
      String topic,
      @Nullable String key,
      byte @Nullable [] value,
      Map<String, String> headers) {
    try (Producer<String, byte[]> producer = new KafkaProducer<>(settings.producer())) {
      var record = new ProducerRecord<String, byte[]>(topic, key, value);
      headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
      get(producer.send(record));
    }
  }

  /** Whether the broker takes the record, which is there afterwards if it does. */
  static boolean refusedAsTooLarge(ClientSettings settings, TopicRecord record) {
    try (Producer<String, byte[]> producer = new KafkaProducer<>(settings.producer())) {
      producer.send(SettlementPublisher.producerRecord(record)).get(10, TimeUnit.SECONDS);
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof RecordTooLargeException;
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything on the topic, of open and aborted transactions too. */
  static List<String> uncommitted(ClientSettings settings, String topic) {
    var properties = settings.reader();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      List<String> values = new ArrayList<>();
      Await.until(
          Probe.LIMIT,
          () -> {
            consumer
                .poll(Duration.ofMillis(100))
                .forEach(record -> values.add(new String(record.value(), UTF_8)));
            return partitions.stream()
                .allMatch(
                    partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
          });
      return values;
    }
  }

  static void setTopic(ClientSettings settings, String topic, String name, String value) {
    set(settings, ConfigResource.Type.TOPIC, topic, name, value);
  }

  static void setGroup(ClientSettings settings, String group, String name, String value) {
    set(settings, ConfigResource.Type.GROUP, group, name, value);
  }

  private static void set(
      ClientSettings settings,
      ConfigResource.Type type,
      String resource,
      String name,
      String value) {
    try (var admin = Admin.create(settings.admin())) {
      var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
      Map<ConfigResource, Collection<AlterConfigOp>> changes =
          Map.of(new ConfigResource(type, resource), List.of(change));
      get(admin.incrementalAlterConfigs(changes).all());
    }
  }

  /** Throws a member out of the group of segments, as its session running out would. */
  static void expel(ClientSettings settings, String instance) {
    try (var admin = Admin.create(settings.admin())) {
      var group = settings.cluster().group().segmentGroup();
      var who = new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(instance)));
      get(admin.removeMembersFromConsumerGroup(group, who).all());
    }
  }

  /** The partitions the coordinator has given to a member, as long as the group is at rest. */
  static Set<Integer> assignments(ClientSettings settings, String instance) {
    try (var admin = Admin.create(settings.admin())) {
      var group = settings.cluster().group().segmentGroup();
      var described =
          requireNonNull(get(admin.describeClassicGroups(List.of(group)).all()).get(group));
      if (!"Stable".equals(described.state().toString())) {
        return Set.of();
      }
      return described.members().stream()
          .filter(member -> member.groupInstanceId().orElse("").equals(instance))
          .flatMap(RawClients::partitions)
          .collect(Collectors.toSet());
    }
  }

  private static java.util.stream.Stream<Integer> partitions(MemberDescription member) {
    return member.assignment().topicPartitions().stream().map(TopicPartition::partition);
  }

  static <T> T get(java.util.concurrent.Future<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError("Kafka did not answer", failure);
    }
  }
}
