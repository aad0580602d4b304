package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts longer than what attention looks at in one piece. */
class PrefillTest {
  private static final int ROWS = 700;
  private static final int VOCABULARY = 40;

  private static LanguageConfig config(int window) {
    return new LanguageConfig(
        Family.MISTRAL,
        new LanguageShape(2, 32, 4, 2, 48, VOCABULARY),
        new Rotary(10_000, 8, new Rotary.Unscaled()),
        1024,
        false,
        window,
        1e-5);
  }

  /** The same for a key each time. */
  private static final class Made implements Weights {
    @Override
    public boolean has(String key) {
      return true;
    }

    @Override
    public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
      Random random = new Random(key.hashCode());
      float[] numbers = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) (random.nextGaussian() * 0.3);
      }
      return runtime.floats(numbers, shape);
    }
  }

  /** Logits of the last row where so many rows are taken in at a time. */
  private static float[] last(int each, int window, EightBitKernel kernel, int seed) {
    List<Integer> ids = new Random(seed).ints(ROWS, 0, VOCABULARY).boxed().toList();
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        LanguageModel model =
            LanguageModel.load(
                runtime,
                config(window),
                new Made(),
                Precision.FP32,
                VOCABULARY,
                Kernels.of(kernel, false));
        KvPool pool = model.newPool(ROWS + 20);
        Tensor rows = model.rows(ids)) {
      KvRange places = pool.take(ROWS).orElseThrow();
      float[] logits = {};
      for (int from = 0; from < ROWS; from += each) {
        int to = Math.min(ROWS, from + each);
        logits = model.prefill(rows, from, to, places, pool, Shown.LAST);
      }
      return logits;
    }
  }

  private static double furthest(float[] one, float[] other) {
    assertThat(other).hasSameSizeAs(one);
    double furthest = 0;
    double size = 0;
    for (int i = 0; i < one.length; i++) {
      furthest = Math.max(furthest, Math.abs(one[i] - other[i]));
      size = Math.max(size, Math.abs(one[i]));
    }
    return furthest / size;
  }

  @ParameterizedTest
  @CsvSource({"700, 0", "700, 100", "300, 0", "300, 100", "257, 600", "512, 300"})
  void giveTheSame_howeverManyRowsAreTakenInAtATime(int each, int window) {
    float[] rowByRow = last(50, window, EightBitKernel.GPU, 1);

    assertThat(furthest(rowByRow, last(each, window, EightBitKernel.FBGEMM, 1))).isLessThan(1e-4);
  }

  /** The control: the window and the first words count. */
  @Test
  void differ_withWhatIsSeen() {
    float[] all = last(700, 0, EightBitKernel.FBGEMM, 1);

    assertThat(furthest(all, last(700, 100, EightBitKernel.FBGEMM, 1))).isGreaterThan(1e-3);
    assertThat(furthest(all, last(700, 0, EightBitKernel.FBGEMM, 2))).isGreaterThan(1e-3);
  }
}
