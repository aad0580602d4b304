package dev.densestream.ingest.topic;

import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deliberate damage to the settlement, for tests whose control run must fail: a check that cannot
 * show duplicates proves nothing about their absence. Read once per consumer from the system
 * property {@value #PROPERTY}; unset means {@link #NONE}.
 */
enum SettlementFault {
  NONE,
  /**
   * Transactions without the consumer's membership: a member that lost its partitions can commit.
   */
  WITHOUT_GROUP_METADATA,
  /** Answers in one transaction, their offsets and progress in the next: at least once. */
  TORN;

  static final String PROPERTY = "densestream.fault.settlement";
  private static final Logger LOG = LoggerFactory.getLogger(SettlementFault.class);

  static SettlementFault fromSystemProperty() {
    var name = System.getProperty(PROPERTY);
    if (name == null) {
      return NONE;
    }
    var fault = valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    LOG.warn("{}={}: answers WILL be doubled or lost; for fault tests only", PROPERTY, name);
    return fault;
  }

  @SuppressWarnings("removal") // the unsafe way is on its way out of Kafka, and wanted just here
  ConsumerGroupMetadata seenBy(ConsumerGroupMetadata owner) {
    return this == WITHOUT_GROUP_METADATA
        ? new ConsumerGroupMetadata(owner.groupId(), -1, "", Optional.empty())
        : owner;
  }
}
