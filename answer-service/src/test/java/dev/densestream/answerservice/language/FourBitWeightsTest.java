package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of weights in 4 bits. */
class FourBitWeightsTest {
  private static final int BLOCK = 576;

  /** Of matrices {@code [rows, in]}, joined. */
  private static byte[] packed(List<float[]> weights, int in) {
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        TensorProgram program =
            runtime.compile(LanguageModel.class, "LanguageModel.torch", "OnProcessor.torch")) {
      List<Tensor> tensors = new ArrayList<>();
      for (float[] weight : weights) {
        tensors.add(runtime.floats(weight, weight.length / in, in));
      }
      try (TensorList list = runtime.list(tensors);
          Tensor packed = program.call("in_four_bits", list)) {
        return packed.toBytes();
      }
    }
  }

  private static int shortAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }

  private static double weight(byte[] packed, int in, int row, int column) {
    int at = (row / 32 * ((in + 31) / 32) + column / 32) * BLOCK;
    double scale = Float.intBitsToFloat(shortAt(packed, at + 2 * (row % 32)) << 16);
    int codes = shortAt(packed, at + 64 + 64 * (column % 32 / 4) + 2 * (row % 32));
    return (((codes >> (4 * (column % 4))) & 15) - 8) * scale;
  }

  private static float[] numbers(int count, Random random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** One and several matrices, that fill blocks and that do not. */
  @ParameterizedTest
  @CsvSource({"32, 0, 32", "64, 96, 64", "20, 0, 40", "20, 30, 96", "300, 8, 70"})
  void areOnTheNearestStep(int rows, int more, int in) {
    Random random = new Random(rows);
    float[] all = numbers((rows + more) * in, random);
    float[] first = Arrays.copyOf(all, rows * in);
    float[] second = Arrays.copyOfRange(all, rows * in, all.length);
    byte[] packed = packed(more == 0 ? List.of(first) : List.of(first, second), in);

    assertThat(packed).hasSize((rows + more + 31) / 32 * ((in + 31) / 32) * BLOCK);
    double squares = 0;
    double errors = 0;
    for (int row = 0; row < rows + more; row++) {
      for (int group = 0; group < in; group += 32) {
        double furthest = 0;
        for (int i = group; i < Math.min(in, group + 32); i++) {
          double number = all[row * in + i];
          furthest = Math.abs(number) > Math.abs(furthest) ? number : furthest;
        }
        double step = Math.abs(furthest) / 8;
        for (int i = group; i < Math.min(in, group + 32); i++) {
          double number = all[row * in + i];
          double error = weight(packed, in, row, i) - number;
          // Half a step, or a whole one at the end with 7 steps; the scale is fitted afterwards.
          assertThat(error).as("row " + row + ", column " + i).isCloseTo(0, within(1.3 * step));
          squares += number * number;
          errors += error * error;
        }
      }
    }
    assertThat(Math.sqrt(errors / squares)).isBetween(0.07, 0.09);
  }

  /** And where all are so small that their step has no inverse. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e-38f, -1e-40f})
  void areZero_whereAllAreNearlySo(float number) {
    float[] numbers = new float[2 * 64];
    Arrays.fill(numbers, 65, 70, number);
    byte[] packed = packed(List.of(numbers), 64);

    for (int i = 0; i < 64; i++) {
      assertThat(weight(packed, 64, 1, i)).isZero();
    }
  }
}
