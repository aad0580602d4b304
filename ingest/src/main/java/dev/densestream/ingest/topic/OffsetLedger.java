package dev.densestream.ingest.topic;

import dev.densestream.ingest.RecordPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which received records are done with, hence which offset each partition may commit: everything
 * before it is done, however the work was finished. A partition that is revoked is forgotten whole;
 * its positions are recognised as stale by their epoch ever after.
 *
 * <p>Not thread-safe: belongs to the poll loop.
 */
final class OffsetLedger {
  private final Map<TopicPartition, Run> runs = new HashMap<>();

  void assign(Collection<TopicPartition> partitions, long epoch) {
    partitions.forEach(partition -> runs.put(partition, new Run(epoch)));
  }

  void revoke(Collection<TopicPartition> partitions) {
    partitions.forEach(runs::remove);
  }

  /** Notes a record and says where it was read; null for a partition that is not assigned. */
  @Nullable RecordPosition received(TopicPartition partition, long offset) {
    var run = runs.get(partition);
    if (run == null) {
      return null;
    }
    run.open.add(offset);
    run.lastReceived = Math.max(run.lastReceived, offset);
    return new RecordPosition(partition.topic(), partition.partition(), offset, run.epoch);
  }

  /** Whether the partition has been this member's ever since the position was read. */
  boolean isCurrent(RecordPosition position) {
    var run = runs.get(partitionOf(position));
    return run != null && run.epoch == position.epoch();
  }

  /**
   * Marks {@code done} and says what to commit for every partition that {@code done} or {@code
   * basis} names: the offset of its oldest record still open, or one past the last it received. A
   * partition whose offset does not move is named all the same, because committing it is what makes
   * the group coordinator check that this member still owns it.
   */
  Map<TopicPartition, Long> settle(List<RecordPosition> done, List<RecordPosition> basis) {
    Map<TopicPartition, Long> committable = new HashMap<>();
    for (RecordPosition position : done) {
      var run = runs.get(partitionOf(position));
      if (run != null && run.epoch == position.epoch()) {
        run.open.remove(position.offset());
      }
    }
    note(done, committable);
    note(basis, committable);
    return committable;
  }

  /** Records received and not yet done with. */
  int open() {
    return runs.values().stream().mapToInt(run -> run.open.size()).sum();
  }

  private void note(List<RecordPosition> positions, Map<TopicPartition, Long> committable) {
    for (RecordPosition position : positions) {
      var run = runs.get(partitionOf(position));
      if (run != null && run.epoch == position.epoch() && run.lastReceived >= 0) {
        committable.put(partitionOf(position), run.committable());
      }
    }
  }

  static TopicPartition partitionOf(RecordPosition position) {
    return new TopicPartition(position.topic(), position.partition());
  }

  private static final class Run {
    private final long epoch;
    private final TreeSet<Long> open = new TreeSet<>();
    private long lastReceived = -1;

    Run(long epoch) {
      this.epoch = epoch;
    }

    long committable() {
      return open.isEmpty() ? lastReceived + 1 : open.first();
    }
  }
}
