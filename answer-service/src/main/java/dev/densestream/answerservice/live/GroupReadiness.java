package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.SegmentConsumer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready once this process has joined the consumer group. */
final class GroupReadiness implements HealthIndicator {
  private final SegmentConsumer consumer;

  GroupReadiness(SegmentConsumer consumer) {
    this.consumer = requireNonNull(consumer, "consumer is null");
  }

  @Override
  public Health health() {
    return consumer.joined() ? Health.up().build() : Health.outOfService().build();
  }
}
