package dev.densestream.trainer.train.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  /** Mean 0.6, deviation 0.1, three values: 4.303 * 0.1 / sqrt(3) = 0.248. */
  @Test
  void isStudentsInterval() {
    assertThat(Spread.of(List.of(0.5, 0.6, 0.7)).percent()).isEqualTo("60.0 ± 24.8");
  }

  @Test
  void isNarrower_withMoreValuesOfTheSameDeviation() {
    Spread few = Spread.of(List.of(0.5, 0.6, 0.7));
    Spread more = Spread.of(List.of(0.5, 0.5, 0.6, 0.6, 0.7, 0.7));

    assertThat(more.mean()).isEqualTo(few.mean());
    assertThat(more.half()).isLessThan(few.half() / 2);
  }

  @Test
  void saysNothingOfItself_withOneValue() {
    assertThat(Spread.of(List.of(0.5)).percent()).isEqualTo("50.0");
  }
}
