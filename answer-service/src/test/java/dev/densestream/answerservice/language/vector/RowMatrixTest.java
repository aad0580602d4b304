package dev.densestream.answerservice.language.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowMatrixTest {
  private final Random random = new Random(3);

  /** Sizes that fill blocks and that do not, one input and many. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 7, 5, 1", "FLOAT32, 9, 64, 1", "FLOAT32, 13, 100, 5", "FLOAT32, 64, 33, 8",
    "BFLOAT16, 7, 5, 1", "BFLOAT16, 9, 64, 1", "BFLOAT16, 13, 100, 5", "BFLOAT16, 64, 33, 8",
    "BFLOAT16, 5, 192, 2", "BFLOAT16, 6, 192, 3",
  })
  void givesProducts_ofTheRowsAskedForAlone(StoredRows stored, int out, int in, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate((long) out * in * stored.bytes());
      for (int i = 0; i < out * in; i++) {
        stored.set(memory, i, (float) random.nextGaussian());
      }
      RowMatrix matrix = RowMatrix.of(memory, stored, out, in);
      float[] x = new float[count * in];
      float[] arranged = new float[count * in];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      for (int row = 0; row < count; row++) {
        stored.arrange(x, row * in, arranged, row * in, in);
      }
      int stride = out + 3;
      float[] y = new float[count * stride];
      int from = 1;
      int to = out - 1;

      matrix.multiply(arranged, count, y, stride, 2, from, to);

      for (int row = 0; row < count; row++) {
        for (int o = -2; o < out + 1; o++) {
          double expected = 0;
          for (int i = 0; i < in && o >= from && o < to; i++) {
            expected += (double) x[row * in + i] * stored.get(memory, (long) o * in + i);
          }
          assertThat((double) y[row * stride + 2 + o])
              .as("input " + row + ", row " + o)
              .isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 37", "FLOAT32, 64", "BFLOAT16, 37", "BFLOAT16, 64", "BFLOAT16, 101"})
  void addsRowsAsTheyWeigh(StoredRows stored, int in) {
    try (Arena arena = Arena.ofConfined()) {
      int out = 9;
      MemorySegment memory = arena.allocate((long) out * in * stored.bytes());
      for (int i = 0; i < out * in; i++) {
        stored.set(memory, i, (float) random.nextGaussian());
      }
      float[] weights = new float[12];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = random.nextFloat();
      }
      float[] sums = new float[in + 2];
      float[] natural = new float[in];
      Arrays.fill(sums, 1);

      RowMatrix.of(memory, stored, out, in).mix(weights, 3, 2, 8, sums, 1);

      stored.restore(sums, 1, natural, 0, in);
      for (int i = 0; i < in; i++) {
        double expected = 1;
        for (int row = 2; row < 8; row++) {
          expected += (double) weights[3 + row - 2] * stored.get(memory, (long) row * in + i);
        }
        assertThat((double) natural[i]).as("column " + i).isCloseTo(expected, within(1e-5));
      }
      assertThat(sums[0]).isEqualTo(1);
      assertThat(sums[in + 1]).isEqualTo(1);
    }
  }

  @Test
  void refusesMemoryOfAnotherSize() {
    assertThatThrownBy(() -> RowMatrix.of(MemorySegment.NULL, StoredRows.FLOAT32, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3");
  }

  /** Numbers between two bfloat16 go to the nearest, of two as near to the even one. */
  @Test
  void roundsToTheNearest() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8);
      float step = 1 / 128f;
      float[][] pairs = {
        {1, 1},
        {1 + 0.4f * step, 1},
        {1 + 0.6f * step, 1 + step},
        {1 + 0.5f * step, 1},
        {1 + 1.5f * step, 1 + 2 * step},
        {-1 - 0.6f * step, -1 - step},
      };
      for (float[] pair : pairs) {
        StoredRows.BFLOAT16.set(memory, 1, pair[0]);
        assertThat(StoredRows.BFLOAT16.get(memory, 1)).as("" + pair[0]).isEqualTo(pair[1]);
      }
      StoredRows.BFLOAT16.set(memory, 1, Float.NaN);
      assertThat(StoredRows.BFLOAT16.get(memory, 1)).isNaN();
    }
  }
}
