package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicClusterException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The properties of each kind of client. What exactly-once depends on cannot be set from outside.
 */
record ClientSettings(ClusterSettings cluster, String bootstrapServers) {
  static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

  private static final List<String> OURS =
      List.of(
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);

  ClientSettings {
    for (String name : OURS) {
      if (cluster.clientProperties().containsKey(name)) {
        throw new TopicClusterException(
            "Kafka property " + name + " is set by the application; remove it from the settings.");
      }
    }
  }

  Map<String, Object> admin() {
    return common();
  }

  /** A reader outside any group, of committed records only. */
  Map<String, Object> reader() {
    var properties = common();
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return properties;
  }

  /**
   * A member of the group that reads segments. Classic protocol, because work of an old assignment
   * was seen committed under a new epoch with the newer one; static membership, because a restart
   * then moves no partition. A group without offsets starts with the oldest segment still kept:
   * nothing that was accepted is skipped, so lag is paid before the present is reached.
   */
  Map<String, Object> member(String instanceId) {
    var group = cluster.group();
    var properties = reader();
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group.segmentGroup());
    properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    long session = group.sessionTimeout().toMillis();
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, Math.toIntExact(session));
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.toIntExact(session / 4));
    properties.put(
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
        Math.toIntExact(group.maxPollInterval().toMillis()));
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, TopicPlan.LARGEST_RECORD_BYTES);
    properties.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, TopicPlan.LARGEST_RECORD_BYTES / 4);
    return properties;
  }

  /** A member of the share group that takes clip jobs, one at a time. */
  Map<String, Object> clipMember() {
    var properties = common();
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, cluster.group().clipGroup());
    properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return properties;
  }

  Map<String, Object> producer() {
    var properties = common();
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicPlan.LARGEST_RECORD_BYTES);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * TopicPlan.LARGEST_RECORD_BYTES);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
    return properties;
  }

  /** The producer of one member's settlements; blocks for less than a poll may take. */
  Map<String, Object> settler(String instanceId) {
    return transactional(instanceId);
  }

  /** The producer of what is written once under a name. */
  Map<String, Object> once(String name) {
    return transactional("once-" + name);
  }

  private Map<String, Object> transactional(String id) {
    var properties = producer();
    properties.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG, cluster.group().transactionalIdPrefix() + id);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRANSACTION_TIMEOUT_MILLIS / 2);
    return properties;
  }

  private Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(cluster.clientProperties());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put("enable.metrics.push", "false");
    return properties;
  }
}
