package dev.densestream.answerservice.language.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FourBitMatrixTest {
  private static final int BLOCK = 576;

  private final Random random = new Random(3);

  /** What the bytes say, written down apart from the code that reads them fast. */
  private static double weight(MemorySegment memory, int in, int row, int column) {
    int groups = (in + 31) / 32;
    long at = ((long) (row / 32) * groups + column / 32) * BLOCK;
    short scale = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * (row % 32));
    int line = column % 32 / 4;
    int codes =
        memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 64 + 64L * line + 2L * (row % 32));
    int code = (codes >> (4 * (column % 4))) & 15;
    return (code - 8) * (double) StoredRows.bfloat16(scale);
  }

  private MemorySegment randomBlocks(Arena arena, int out, int in) {
    MemorySegment memory = arena.allocate(FourBitMatrix.bytes(out, in), 64);
    for (long at = 0; at < memory.byteSize(); at += BLOCK) {
      for (int i = 0; i < 32; i++) {
        StoredRows.BFLOAT16.set(memory, at / 2 + i, (float) random.nextGaussian());
      }
      for (int i = 64; i < BLOCK; i++) {
        memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) random.nextInt());
      }
    }
    return memory;
  }

  /** Sizes that fill blocks and groups and that do not, and inputs of different sizes. */
  @ParameterizedTest
  @CsvSource({"32, 32, 1", "64, 96, 1", "40, 33, 1", "7, 5, 3", "100, 200, 2", "96, 5632, 1"})
  void givesProducts_ofTheRowsAskedForAlone(int out, int in, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = randomBlocks(arena, out, in);
      FourBitMatrix matrix = new FourBitMatrix(memory, out, in);
      float[] x = new float[count * in];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (random.nextGaussian() * Math.pow(10, i / in - 1));
      }
      Inputs inputs = Inputs.inGroups(count, in);
      for (int row = 0; row < count; row++) {
        inputs.take(row, x, row * in, in);
      }
      int from = out > 32 ? 32 : 0;
      int to = out - 1;
      int stride = out + 3;
      float[] y = new float[count * stride];

      matrix.multiply(inputs, count, y, stride, 2, from, to);

      for (int row = 0; row < count; row++) {
        double largest = 0;
        for (int i = 0; i < in; i++) {
          largest = Math.max(largest, Math.abs(x[row * in + i]));
        }
        for (int o = -2; o < out + 1; o++) {
          double expected = 0;
          double most = 0;
          for (int i = 0; i < in && o >= from && o < to; i++) {
            double weight = weight(memory, in, o, i);
            expected += x[row * in + i] * weight;
            most += Math.abs(weight);
          }
          // Each input is rounded by half of the 127th part of the largest, at most.
          assertThat((double) y[row * stride + 2 + o])
              .as("input " + row + ", row " + o)
              .isCloseTo(expected, within(most * largest / 254 + 1e-9));
        }
      }
    }
  }

  /** The numbers of a group that go furthest: products in 16 bits do not overflow. */
  @Test
  void addsUpTheLargestProducts() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(FourBitMatrix.bytes(32, 32), 64);
      for (int row = 0; row < 32; row++) {
        StoredRows.BFLOAT16.set(memory, row, 1);
        int codes = row % 2 == 0 ? 0x0000 : 0xffff;
        for (int line = 0; line < 8; line++) {
          memory.set(ValueLayout.JAVA_SHORT, 64 + 64L * line + 2L * row, (short) codes);
        }
      }
      for (int sign : new int[] {1, -1}) {
        float[] x = new float[32];
        Arrays.fill(x, sign * 127);
        Inputs inputs = Inputs.inGroups(1, 32);
        inputs.take(0, x, 0, 32);
        float[] y = new float[32];

        new FourBitMatrix(memory, 32, 32).multiply(inputs, 1, y, 32, 0, 0, 32);

        for (int row = 0; row < 32; row++) {
          assertThat(y[row]).isEqualTo(sign * (row % 2 == 0 ? -8 : 7) * 32 * 127);
        }
      }
    }
  }

  @Test
  void givesNothing_forInputsOfZeros() {
    try (Arena arena = Arena.ofConfined()) {
      Inputs inputs = Inputs.inGroups(1, 64);
      inputs.take(0, new float[64], 0, 64);
      float[] y = {1, 2};

      new FourBitMatrix(randomBlocks(arena, 2, 64), 2, 64).multiply(inputs, 1, y, 2, 0, 0, 2);

      assertThat(y).containsExactly(0, 0);
    }
  }

  @Test
  void refusesMemoryOfAnotherSize() {
    assertThatThrownBy(() -> new FourBitMatrix(MemorySegment.NULL, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3");
  }
}
