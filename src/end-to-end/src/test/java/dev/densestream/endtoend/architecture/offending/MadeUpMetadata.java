package dev.densestream.endtoend.architecture.offending;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** Makes group metadata up instead of asking the consumer. */
@SuppressWarnings("removal") // the very thing the rule forbids
public final class MadeUpMetadata {
  final ConsumerGroupMetadata metadata = new ConsumerGroupMetadata("group");
}
