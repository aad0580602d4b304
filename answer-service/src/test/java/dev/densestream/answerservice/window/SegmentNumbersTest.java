package dev.densestream.answerservice.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.window.SegmentNumbers.Arrival;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SegmentNumbersTest {
  private final SegmentNumbers numbers = new SegmentNumbers();
  private int offset;

  /** A second of media at {@code second}. */
  private Arrival arrives(@Nullable String run, long sequence, long second) {
    return numbers.arrived(
        new TakenSegment(
            new RecordPosition("video.segments", 0, offset++, 1),
            run,
            sequence,
            false,
            Instant.ofEpochSecond(second),
            new PtsRange(second * 1_000_000, (second + 1) * 1_000_000),
            new TakenSegment.Content(1_000_000, List.of(), FrameCounts.NONE, false)));
  }

  @Test
  void countsWhatIsPassedOver_andWhatComesAfterAll() {
    assertThat(arrives("a", 5, 5)).isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives("a", 8, 8)).isEqualTo(new Arrival(2, false, false));
    assertThat(arrives("a", 6, 6)).isEqualTo(new Arrival(0, true, false));
    assertThat(arrives("a", 9, 9)).isEqualTo(Arrival.IN_ORDER);
  }

  /** The control is the same number under the same run: there it is a gap, or a repetition. */
  @Test
  void seesNeitherGapNorRepetition_whenTheProducerStartsAnew() {
    arrives("a", 0, 0);
    arrives("a", 1, 1);
    assertThat(arrives("b", 0, 0)).isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives("b", 1, 11)).isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives("c", 7, 17)).isEqualTo(Arrival.IN_ORDER);

    assertThat(arrives("a", 7, 7)).isEqualTo(new Arrival(5, false, false));
    assertThat(arrives("b", 1, 11)).isEqualTo(new Arrival(0, false, true));
  }

  /** An old run's last segments may come after the new one's first. */
  @Test
  void goesOnCountingARun_thatAnotherHasInterrupted() {
    arrives("a", 0, 0);
    arrives("b", 0, 10);
    assertThat(arrives("a", 1, 1)).isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives("a", 3, 3)).isEqualTo(new Arrival(1, false, false));
    assertThat(arrives("b", 1, 11)).isEqualTo(Arrival.IN_ORDER);
  }

  @Test
  void takesNumbersForNoLoss_whereNoRunIsNamed() {
    arrives(null, 3, 3);
    assertThat(arrives(null, 9, 9)).isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives(null, 3, 13)).as("started anew").isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives(null, 3, 3)).as("the same once more").isEqualTo(Arrival.DUPLICATE);
  }

  @Test
  void remembersNoMoreThanItMust() {
    for (int i = 0; i < 5000; i++) {
      assertThat(arrives("run-" + i, i, i)).isEqualTo(Arrival.IN_ORDER);
    }
    assertThat(arrives("run-1", 1, 1)).as("forgotten").isEqualTo(Arrival.IN_ORDER);
    assertThat(arrives("run-4999", 1_000_000, 9)).isEqualTo(new Arrival(995_000, false, false));
  }
}
