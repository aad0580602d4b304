package dev.densestream.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.RecordPosition;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {
  private static final TopicPartition ZERO = new TopicPartition("t", 0);
  private static final TopicPartition ONE = new TopicPartition("t", 1);
  private final OffsetLedger ledger = new OffsetLedger();

  @Test
  void commitsOnePastTheLastProcessed() {
    ledger.assign(List.of(ZERO), 1);
    var only = received(ZERO, 41);
    assertThat(ledger.settle(List.of(only), List.of(only))).containsOnly(entry(ZERO, 42));
  }

  @Test
  void commitsTheLongestContiguousRun_whateverTheOrderOfWork() {
    ledger.assign(List.of(ZERO), 1);
    var zero = received(ZERO, 0);
    var one = received(ZERO, 1);
    var two = received(ZERO, 2);
    var three = received(ZERO, 3);
    assertThat(ledger.settle(List.of(two, one), List.of(one))).containsOnly(entry(ZERO, 0));
    assertThat(ledger.settle(List.of(zero), List.of(zero))).containsOnly(entry(ZERO, 3));
    assertThat(ledger.open()).isEqualTo(1);
    assertThat(ledger.settle(List.of(three), List.of(three))).containsOnly(entry(ZERO, 4));
    assertThat(ledger.open()).isZero();
  }

  @Test
  void passesOverOffsetsThatHoldNoRecord() {
    ledger.assign(List.of(ZERO), 1);
    var before = received(ZERO, 10);
    var after = received(ZERO, 14); // 11 to 13: transaction markers, or compacted away
    assertThat(ledger.settle(List.of(before), List.of(before))).containsOnly(entry(ZERO, 14));
    assertThat(ledger.settle(List.of(after), List.of(after))).containsOnly(entry(ZERO, 15));
  }

  @Test
  void namesThePartitionOfTheBasis_whenItsOffsetDoesNotMove() {
    ledger.assign(List.of(ZERO, ONE), 1);
    var open = received(ZERO, 5);
    assertThat(ledger.settle(List.of(), List.of(open))).containsOnly(entry(ZERO, 5));
  }

  @Test
  void knowsPositionsOfARevokedPartitionAsStale() {
    ledger.assign(List.of(ZERO, ONE), 1);
    var gone = received(ZERO, 0);
    var kept = received(ONE, 0);
    ledger.revoke(List.of(ZERO));
    assertThat(ledger.isCurrent(gone)).isFalse();
    assertThat(ledger.isCurrent(kept)).isTrue();
    assertThat(ledger.settle(List.of(gone), List.of(gone))).isEmpty();
  }

  @Test
  void knowsPositionsAsStale_whenThePartitionHasGoneAndComeBack() {
    ledger.assign(List.of(ZERO), 1);
    var before = received(ZERO, 0);
    ledger.revoke(List.of(ZERO));
    ledger.assign(List.of(ZERO), 2);
    var again = received(ZERO, 0);
    assertThat(ledger.isCurrent(before)).isFalse();
    assertThat(ledger.settle(List.of(before), List.of(again))).containsOnly(entry(ZERO, 0));
    assertThat(ledger.settle(List.of(again), List.of(again))).containsOnly(entry(ZERO, 1));
  }

  /** reactor-kafka #259, #260: finished work of a revoked partition stayed behind for ever. */
  @Test
  void forgetsDeferredWorkOfARevokedPartition() {
    ledger.assign(List.of(ZERO), 1);
    received(ZERO, 0);
    var second = received(ZERO, 1);
    var _ = ledger.settle(List.of(second), List.of(second));
    ledger.revoke(List.of(ZERO));
    assertThat(ledger.open()).isZero();
  }

  @Test
  void receivesNothingForAPartitionThatIsNotAssigned() {
    assertThat(ledger.received(ZERO, 0)).isNull();
  }

  private RecordPosition received(TopicPartition partition, long offset) {
    return Objects.requireNonNull(ledger.received(partition, offset));
  }

  private static java.util.Map.Entry<TopicPartition, Long> entry(TopicPartition p, long offset) {
    return java.util.Map.entry(p, offset);
  }
}
