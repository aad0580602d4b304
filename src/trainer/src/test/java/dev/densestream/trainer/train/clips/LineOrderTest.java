package dev.densestream.trainer.train.clips;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineOrderTest {
  private static final List<ClipLine> LINES =
      IntStream.rangeClosed(1, 10)
          .mapToObj(i -> new ClipLine(i, Path.of("v"), Optional.empty(), "a"))
          .toList();

  @Test
  void takesEveryLineOnceInEachEpoch_inAnotherOrder() {
    LineOrder order = new LineOrder(LINES, 2, 4, 1);
    assertThat(order.steps()).isEqualTo(6);
    List<List<ClipLine>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      List<ClipLine> taken = new ArrayList<>();
      for (int step = 0; step < 3; step++) {
        taken.addAll(order.step(3 * epoch + step));
      }
      assertThat(taken).containsExactlyInAnyOrderElementsOf(LINES);
      epochs.add(taken);
    }
    assertThat(epochs.getFirst()).isNotEqualTo(epochs.getLast());
    assertThat(new LineOrder(LINES, 2, 4, 1).step(4)).isEqualTo(order.step(4));
  }
}
