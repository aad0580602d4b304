package dev.densestream.ingest.topic;

import dev.densestream.ingest.TopicSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Every topic with its partitions and what is kept of it. Keys decide the partition, so a partition
 * count stays as it was created: changing it would break the order of streams.
 */
final class TopicPlan {
  /** Largest segment, key and headers included. */
  static final int LARGEST_RECORD_BYTES = 16 << 20;

  private static final int PARTITIONS = 8;

  /**
   * One: a share group deals partitions out to its members, so with more a job could lie behind a
   * member that is busy while another one is idle. Jobs are few and long.
   */
  private static final int QUEUE_PARTITIONS = 1;

  private TopicPlan() {}

  static List<NewTopic> of(TopicSettings topics) {
    return List.of(
        // Bounded in time and size: at most 8 GiB, whatever the cameras send.
        log(topics.segments(), PARTITIONS, Duration.ofDays(1), 1L << 30),
        compacted(topics.streams()),
        compacted(topics.questions()),
        log(topics.clips(), QUEUE_PARTITIONS, Duration.ofDays(7), -1),
        log(topics.answers(), PARTITIONS, Duration.ofDays(7), -1),
        log(topics.deadLetters(), 1, Duration.ofDays(30), -1),
        compacted(topics.progress()),
        compactedFor(topics.clipOutcomes(), Duration.ofDays(14)));
  }

  private static NewTopic log(String name, int partitions, Duration kept, long bytesPerPartition) {
    return topic(
        name,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(kept.toMillis()),
            TopicConfig.RETENTION_BYTES_CONFIG,
            Long.toString(bytesPerPartition),
            // Only whole log segments are deleted, so they must be small beside what is kept.
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(128 << 20),
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(LARGEST_RECORD_BYTES)));
  }

  private static NewTopic compacted(String name) {
    return compacted(name, Map.of());
  }

  /** Forgets a key that was not written for so long: twice as long as a job may wait. */
  private static NewTopic compactedFor(String name, Duration kept) {
    return compacted(
        name,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(kept.toMillis())));
  }

  private static NewTopic compacted(String name, Map<String, String> further) {
    Map<String, String> configs =
        new HashMap<>(
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.1",
                // The newest log segment is never compacted; an hourly roll keeps it short.
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(Duration.ofHours(1).toMillis())));
    configs.putAll(further);
    return topic(name, 1, configs);
  }

  /** With the broker's own default replication, which is the operator's to choose. */
  private static NewTopic topic(String name, int partitions, Map<String, String> configs) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
  }
}
