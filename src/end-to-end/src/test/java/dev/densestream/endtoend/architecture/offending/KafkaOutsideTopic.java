package dev.densestream.endtoend.architecture.offending;

import org.apache.kafka.common.TopicPartition;

/** Knows Kafka outside the one package for it. */
public final class KafkaOutsideTopic {
  final TopicPartition partition = new TopicPartition("topic", 0);
}
