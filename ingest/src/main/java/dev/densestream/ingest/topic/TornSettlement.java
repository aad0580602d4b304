package dev.densestream.ingest.topic;

import dev.densestream.ingest.TopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The fault of {@link SettlementFault#TORN}: answers become visible at once, the progress and the
 * offsets that belong to them only with the settlement after.
 */
final class TornSettlement {
  private final String progressTopic;
  private final List<TopicRecord> lateRecords = new ArrayList<>();
  private final Map<TopicPartition, Long> lateOffsets = new HashMap<>();

  /** What one transaction holds. */
  record Part(List<TopicRecord> records, Map<TopicPartition, Long> offsets) {}

  TornSettlement(String progressTopic) {
    this.progressTopic = progressTopic;
  }

  /** The late part of the settlement before and the early part of this one. */
  Part next(List<TopicRecord> records, Map<TopicPartition, Long> offsets) {
    List<TopicRecord> now = new ArrayList<>(lateRecords);
    var part = new Part(now, Map.copyOf(lateOffsets));
    lateRecords.clear();
    lateOffsets.clear();
    lateOffsets.putAll(offsets);
    for (TopicRecord record : records) {
      (record.topic().equals(progressTopic) ? lateRecords : now).add(record);
    }
    return part;
  }
}
