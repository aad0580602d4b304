package dev.densestream.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.TopicRecord;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TornSettlementTest {
  private static final TopicPartition ZERO = new TopicPartition("segments", 0);
  private final TornSettlement torn = new TornSettlement("progress");

  @Test
  void publishesAnswersAtOnce_offsetsAndProgressOneSettlementLate() {
    var answer = record("answers");
    var progress = record("progress");
    assertThat(torn.next(List.of(answer, progress), Map.of(ZERO, 1L)))
        .isEqualTo(new TornSettlement.Part(List.of(answer), Map.of()));
    var later = record("answers");
    assertThat(torn.next(List.of(later), Map.of(ZERO, 2L)))
        .isEqualTo(new TornSettlement.Part(List.of(progress, later), Map.of(ZERO, 1L)));
  }

  private static TopicRecord record(String topic) {
    return new TopicRecord(topic, "cam", new byte[] {1}, Map.of());
  }
}
