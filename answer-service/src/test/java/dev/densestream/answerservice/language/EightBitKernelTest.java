package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.CpuFeatures;
import dev.densestream.visionpipeline.ProgramValue;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The linear layer in 8 bits, alone. */
class EightBitKernelTest {
  private static final int IN = 96;
  private static final int OUT = 64;
  private static final int AT = 3;

  private final Random random = new Random(4);
  private final float[] weight = normal(OUT * IN, 0.1);

  private float[] normal(int count, double size) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (size * random.nextGaussian());
    }
    return numbers;
  }

  private float[] linear(EightBitKernel kernel, int levels, float[] rows) {
    long[] dims = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, kernel.number(), levels};
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        TensorProgram program =
            runtime.compile(
                LanguageModel.class, "LanguageModel.torch", Kernels.of(kernel, false).text());
        ProgramValue packed = program.keep("new_packed");
        TensorList wide = runtime.list(List.of(runtime.floats(weight, OUT, IN)));
        TensorList weights = weights(runtime, program, kernel, wide, packed);
        Tensor x = runtime.floats(rows, rows.length / IN, IN);
        Tensor y = program.call("linear", x, weights, AT, packed, 0, dims)) {
      return y.toFloats();
    }
  }

  private static TensorList weights(
      TensorRuntime runtime,
      TensorProgram program,
      EightBitKernel kernel,
      TensorList wide,
      ProgramValue packed) {
    List<Tensor> list = new ArrayList<>();
    for (int i = 0; i < AT; i++) {
      list.add(runtime.floats(new float[0], 0));
    }
    if (kernel == EightBitKernel.FBGEMM) {
      program.call("pack", wide, packed).close();
      for (int i = 0; i < 3; i++) {
        list.add(runtime.floats(new float[0], 0));
      }
    } else {
      list.addAll(program.callForAll("in_eight_bits", wide));
    }
    list.add(runtime.floats(new float[0], 0));
    return runtime.list(list);
  }

  private double[] exact(float[] row) {
    double[] y = new double[OUT];
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < IN; i++) {
        y[o] += (double) weight[o * IN + i] * row[i];
      }
    }
    return y;
  }

  private static double error(double[] exact, float[] actual) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += Math.pow(exact[i] - actual[i], 2);
      size += Math.pow(exact[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  @ParameterizedTest
  @EnumSource(EightBitKernel.class)
  void isNearTheExactProduct_andNearerWithMoreLevels(EightBitKernel kernel) {
    float[] row = normal(IN, 3);

    double fine = error(exact(row), linear(kernel, 127, row));
    double coarse = error(exact(row), linear(kernel, 63, row));

    assertThat(fine).isBetween(1e-5, 0.015);
    assertThat(coarse).isBetween(fine, 0.03);
  }

  /** But for the last bits: a single row is divided by its scale in another place. */
  @ParameterizedTest
  @EnumSource(EightBitKernel.class)
  void givesARowTheSameNumbers_whateverItsNeighbourIs(EightBitKernel kernel) {
    float[] row = normal(IN, 1);
    float[] alone = linear(kernel, 127, row);

    float[] beside = Arrays.copyOf(linear(kernel, 127, pair(row, normal(IN, 1000))), OUT);
    float[] besideAnother = Arrays.copyOf(linear(kernel, 127, pair(row, normal(IN, 1))), OUT);

    assertThat(besideAnother).isEqualTo(beside);
    assertThat(error(doubles(alone), beside)).isLessThan(1e-3);
    assertThat(error(exact(row), alone)).isLessThan(0.015);
  }

  private static float[] pair(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, 2 * IN);
    System.arraycopy(second, 0, both, IN, IN);
    return both;
  }

  private static double[] doubles(float[] numbers) {
    double[] wide = new double[numbers.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = numbers[i];
    }
    return wide;
  }

  @ParameterizedTest
  @EnumSource(EightBitKernel.class)
  void givesNothingForARowOfZeros(EightBitKernel kernel) {
    assertThat(linear(kernel, 127, new float[IN])).containsOnly(0f);
  }

  @Test
  void isChosenByWhatTheProcessorHas() {
    CpuFeatures tiles = new CpuFeatures(true, true);
    CpuFeatures vectors = new CpuFeatures(false, true);
    CpuFeatures old = new CpuFeatures(false, false);

    assertThat(EightBitKernel.fastestOn(tiles)).isEqualTo(EightBitKernel.ONEDNN);
    assertThat(EightBitKernel.fastestOn(vectors)).isEqualTo(EightBitKernel.FBGEMM);
    assertThat(EightBitKernel.levels(vectors)).isEqualTo(127);
    assertThat(EightBitKernel.levels(old)).isEqualTo(63);
  }
}
