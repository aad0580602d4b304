package dev.densestream.benchmarks.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OthersWorkTest {
  @Test
  void countsBusyAndStolenTime_notIdleAndWaiting() {
    assertThat(OthersWork.all("cpu  1 2 4 1000 1000 8 16 32 0 0\ncpu0 5 5 5 5 5 5 5 5 5 5\n"))
        .isEqualTo(63, within(0.0));
  }

  @Test
  void countsOwnAndEndedChildrensTime_whateverTheProcessIsCalled() {
    String stat = "7 (a ) b) S 1 1 1 0 -1 4194560 9 9 9 9 1 2 4 8 20 0 1 0 100";

    assertThat(OthersWork.own(stat)).isEqualTo(15, within(0.0));
  }
}
