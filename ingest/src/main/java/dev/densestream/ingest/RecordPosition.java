package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

/**
 * Where a record was read.
 *
 * @param epoch counts this consumer's assignments of partitions; work of an epoch whose partition
 *     has been revoked since is stale and can no longer be committed. 0 where no group is involved
 */
public record RecordPosition(String topic, int partition, long offset, long epoch) {
  public RecordPosition {
    requireNonNull(topic, "topic is null");
  }

  /** The form used as event id: {@code topic-partition-offset}. */
  public String eventId() {
    return topic + "-" + partition + "-" + offset;
  }
}
