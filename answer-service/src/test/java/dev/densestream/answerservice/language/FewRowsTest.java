package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that Java runs, beside the tensor engine's, on the fixtures' models of all families. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class FewRowsTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");
  private static final double FOUR_BITS = 0.4;
  private static final List<Integer> PROMPT =
      List.of(1, 17, 300, 5, 44, 210, 7, 99, 123, 31, 8, 250, 61, 2, 19, 140);

  /** What one test does with a model. */
  private interface Use {
    void with(LanguageModel model, KvPool pool, KvRange prompt);
  }

  private static void use(
      String kind, Precision precision, boolean vectors, int threads, int window, Use use) {
    Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(kind).resolve("checkpoint"));
    LanguageConfig config = windowed(LanguageConfig.of(checkpoint.config()), window);
    Kernels kernels = Kernels.of(EightBitKernel.FBGEMM, vectors);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(threads, "cpu"));
        Tokenizer tokenizer = Tokenizer.open(checkpoint.directory());
        LanguageModel model =
            LanguageModel.load(
                runtime, config, checkpoint, precision, tokenizer.length(), kernels);
        KvPool pool = model.newPool(64);
        Tensor rows = model.rows(PROMPT)) {
      model.awaitFastSteps();
      KvRange prompt = pool.take(PROMPT.size()).orElseThrow();
      model.prefill(rows, 0, PROMPT.size(), prompt, pool, Shown.NONE);
      use.with(model, pool, prompt);
    }
  }

  private static LanguageConfig windowed(LanguageConfig config, int window) {
    return new LanguageConfig(
        config.family(),
        config.shape(),
        config.rotary(),
        config.contextLength(),
        config.tiedHead(),
        window,
        config.normEpsilon());
  }

  /**
   * Logits of steps behind a prompt: several rows, several sequences, and one that branches off.
   */
  private static List<float[]> steps(
      String kind, Precision precision, boolean vectors, int threads, int window) {
    List<float[]> logits = new ArrayList<>();
    use(
        kind,
        precision,
        vectors,
        threads,
        window,
        (model, pool, prompt) -> {
          KvRange first = pool.take(8).orElseThrow();
          KvRange second = pool.take(8).orElseThrow();
          KvRange third = pool.take(4).orElseThrow();
          logits.addAll(
              List.of(
                  model
                      .step(
                          List.of(
                              new Stretch(prompt, first, 0, List.of(12, 40, 77)),
                              new Stretch(prompt, second, 0, List.of(200, 33))),
                          pool)
                      .take()));
          logits.addAll(
              List.of(
                  model
                      .step(
                          List.of(
                              new Stretch(prompt, first, 3, List.of(9)),
                              new Stretch(prompt, second, 2, List.of(61))),
                          pool)
                      .take()));
          KvRange stem = new KvRange(first.first(), 4);
          logits.addAll(
              List.of(
                  model
                      .step(List.of(new Stretch(prompt, stem, third, 4, List.of(5))), pool)
                      .take()));
          logits.addAll(
              List.of(
                  model.step(List.of(new Stretch(prompt, second, 3, List.of(18))), pool).take()));
        });
    return logits;
  }

  @ParameterizedTest
  @CsvSource({
    "llava-vicuna, FP32, 0, 2e-5",
    "llava-llama3, FP32, 0, 2e-5",
    "llava-mistral, FP32, 0, 2e-5",
    "llava-mistral, FP32, 7, 2e-5",
    "llava-qwen2, FP32, 0, 2e-5",
    "llava-phi, FP32, 0, 2e-5",
    "llava-vicuna, BF16, 0, 3e-2",
    "llava-llama3, BF16, 0, 3e-2",
    "llava-mistral, BF16, 7, 3e-2",
    "llava-qwen2, BF16, 0, 3e-2",
    "llava-phi, BF16, 0, 3e-2",
  })
  void haveTheLogitsOfTheTensorEngine(
      String kind, Precision precision, int window, double tolerance) {
    List<float[]> expected = steps(kind, precision, false, 1, window);
    for (int threads : new int[] {1, 2}) {
      List<float[]> actual = steps(kind, precision, true, threads, window);
      assertThat(actual).hasSameSizeAs(expected);
      assertThat(error(expected.getFirst(), actual.getFirst())).as("by other code").isPositive();
      for (int i = 0; i < expected.size(); i++) {
        assertThat(error(expected.get(i), actual.get(i))).as("step " + i).isLessThan(tolerance);
      }
    }
  }

  /** The control: other weights of another type are told apart. */
  @ParameterizedTest
  @ValueSource(strings = {"llava-vicuna", "llava-phi"})
  void differFromThoseOfAnotherPrecision(String kind) {
    List<float[]> exact = steps(kind, Precision.FP32, true, 1, 0);
    List<float[]> other = steps(kind, Precision.BF16, true, 1, 0);
    assertThat(error(exact.getLast(), other.getLast())).isGreaterThan(1e-4);
  }

  /** Of five rows in 8 bits, of two and of one in 4: these are further from the exact ones. */
  @ParameterizedTest
  @ValueSource(
      strings = {"llava-vicuna", "llava-llama3", "llava-mistral", "llava-qwen2", "llava-phi"})
  void stayNear_inFourBits(String kind) {
    List<float[]> exact = steps(kind, Precision.FP32, true, 1, 0);
    List<float[]> eight = steps(kind, Precision.INT8, true, 1, 0);
    for (int threads : new int[] {1, 2}) {
      List<float[]> four = steps(kind, Precision.INT4, true, threads, 0);

      assertThat(four).hasSameSizeAs(exact);
      for (int five = 0; five < 2; five++) {
        assertThat(Arrays.equals(four.get(five), eight.get(five))).as("the same numbers").isTrue();
      }
      for (int few = 2; few < exact.size(); few++) {
        double error = error(exact.get(few), four.get(few));
        assertThat(error).isLessThan(FOUR_BITS);
        assertThat(error).isGreaterThan(error(exact.get(few), eight.get(few)));
      }
    }
  }

  /** The control. */
  @Test
  void areFar_inFourBits_whenTheStepIsAnotherOne() {
    List<float[]> exact = steps("llava-vicuna", Precision.FP32, true, 1, 0);
    List<float[]> four = steps("llava-vicuna", Precision.INT4, true, 1, 0);

    assertThat(error(exact.get(5), four.get(4))).isGreaterThan(FOUR_BITS);
  }

  /** To the last bit. */
  @ParameterizedTest
  @CsvSource({
    "llava-vicuna, FP32, 8",
    "llava-vicuna, BF16, 8",
    "llava-qwen2, BF16, 8",
    "llava-phi, FP32, 8",
    "llava-vicuna, INT4, 2",
    "llava-qwen2, INT4, 2",
    "llava-phi, INT4, 2",
  })
  void doNotDependOnTheRowsBeside(String kind, Precision precision, int count) {
    use(
        kind,
        precision,
        true,
        2,
        0,
        (model, pool, prompt) -> {
          List<Stretch> all = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            all.add(new Stretch(prompt, pool.take(2).orElseThrow(), 0, List.of(20 + i)));
          }
          float[][] together = model.step(all, pool).take();
          for (int i = 0; i < all.size(); i++) {
            float[] alone = model.step(List.of(all.get(i)), pool).take()[0];
            assertThat(Arrays.equals(alone, together[i])).as("sequence " + i).isTrue();
          }
        });
  }

  /** Root mean square of the differences over that of what is expected. */
  private static double error(float[] expected, float[] actual) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - actual[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / size);
  }
}
