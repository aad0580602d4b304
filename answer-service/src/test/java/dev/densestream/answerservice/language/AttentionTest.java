package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step looks at with a processor's fused operator, and elsewhere with plain ones. */
class AttentionTest {
  private static final int SEQUENCES = 3;
  private static final int HEADS = 2;
  private static final int ROWS = 4;
  private static final int KEYS = 37;
  private static final int SIZE = 16;

  private final Random random = new Random(11);

  private Tensor normal(TensorRuntime runtime, long... shape) {
    int count = 1;
    for (long side : shape) {
      count *= (int) side;
    }
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return runtime.floats(numbers, shape);
  }

  /** Takes away all keys behind the first few, other ones for each row. */
  private static Tensor hidden(TensorRuntime runtime, boolean any) {
    if (!any) {
      return runtime.floats(new float[0], 0);
    }
    float[] added = new float[SEQUENCES * ROWS * KEYS];
    for (int i = 0; i < added.length; i++) {
      int row = i / KEYS;
      added[i] = i % KEYS > row + 1 ? -3.0e38f : 0;
    }
    return runtime.floats(added, SEQUENCES, 1, ROWS, KEYS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isTheSameInPlainOperators_sumsIncluded(boolean hiding) {
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        TensorProgram here = program(runtime, EightBitKernel.FBGEMM);
        TensorProgram gpu = program(runtime, EightBitKernel.GPU);
        Tensor queries = normal(runtime, SEQUENCES, HEADS, ROWS, SIZE);
        Tensor keys = normal(runtime, SEQUENCES, HEADS, KEYS, SIZE);
        Tensor values = normal(runtime, SEQUENCES, HEADS, KEYS, SIZE);
        Tensor hidden = hidden(runtime, hiding)) {
      List<Tensor> fused = here.callForAll("looked_at", queries, keys, values, hidden);
      List<Tensor> plain = gpu.callForAll("looked_at", queries, keys, values, hidden);
      try {
        for (int i = 0; i < 2; i++) {
          assertThat(largestDifference(fused.get(i), plain.get(i))).isLessThan(1e-5);
        }
        assertThat(largestDifference(fused.getFirst(), values)).isGreaterThan(0.1);
      } finally {
        fused.forEach(Tensor::close);
        plain.forEach(Tensor::close);
      }
    }
  }

  /** Sums of 2 heads and sequences of 2 and 1 rows, with padding and without. */
  @Test
  void readsSumsOfAGpusKernel_inEitherForm() {
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        TensorProgram gpu = program(runtime, EightBitKernel.GPU);
        Tensor first = runtime.longs(new long[] {0, 2, 3}, 3);
        Tensor padded = runtime.floats(new float[] {1, 2, 4, 5, 3, -9, 6, -9}, 2, 2, 2);
        Tensor even = runtime.floats(new float[] {1, 4, 2, 5, 3, 6}, 3, 2, 1);
        Tensor plain = runtime.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)) {
      for (Tensor sums : List.of(padded, even, plain)) {
        try (Tensor rows = gpu.call("by_row", sums, first, 3)) {
          assertThat(rows.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
      }
    }
  }

  /** Whole numbers, which float16 holds; what their products add up to it does not. */
  @Test
  void looksAtLargeNumbers_inFloat16() {
    float[] queries = whole(ROWS * HEADS * SIZE);
    float[] both = whole(KEYS * 2 * HEADS * SIZE);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        TensorProgram gpu = program(runtime, EightBitKernel.GPU)) {
      float[][] exact = looks(runtime, gpu, queries, both, Precision.FP32);
      float[][] close = looks(runtime, gpu, queries, both, Precision.FP16);

      double largest =
          IntStream.range(0, exact[1].length).mapToDouble(i -> exact[1][i]).max().orElseThrow();
      assertThat(largest * Math.sqrt(SIZE)).as("the control").isGreaterThan(65_504);
      for (int i = 0; i < 2; i++) {
        assertThat(close[i]).containsExactly(exact[i], offset(0.25f)); // of up to 250
      }
    }
  }

  private float[] whole(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextInt(-250, 251);
    }
    return numbers;
  }

  /** What one sequence's rows find, and the logarithms of the sums. */
  private static float[][] looks(
      TensorRuntime runtime,
      TensorProgram gpu,
      float[] queries,
      float[] both,
      Precision precision) {
    try (Tensor rows = weight(runtime, queries, precision, ROWS, HEADS, SIZE);
        Tensor places = weight(runtime, both, precision, KEYS, 2 * HEADS, SIZE)) {
      List<Tensor> found = gpu.callForAll("looked_at_alone", rows, places, 0, KEYS, true);
      try (Tensor mixed = found.getFirst();
          Tensor sums = found.getLast();
          Tensor wide = gpu.call("as_float", mixed)) {
        return new float[][] {wide.toFloats(), sums.toFloats()};
      }
    }
  }

  private static Tensor weight(
      TensorRuntime runtime, float[] numbers, Precision precision, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Float.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return runtime.weight(List.of(bytes), ElementType.FP32, precision, shape);
  }

  private static TensorProgram program(TensorRuntime runtime, EightBitKernel kernel) {
    String text = Kernels.of(kernel, false).text();
    return runtime.compile(LanguageModel.class, "LanguageModel.torch", text);
  }

  private static double largestDifference(Tensor one, Tensor other) {
    float[] a = one.toFloats();
    float[] b = other.toFloats();
    double most = 0;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
