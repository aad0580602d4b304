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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far narrower weights move the logits of the fixtures' models, relative to their size. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class PrecisionTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");
  private static final List<Integer> PROMPT =
      List.of(1, 17, 300, 5, 44, 210, 7, 99, 123, 31, 8, 250, 61, 2, 19, 140);

  /** Logits of every row of the prompt, and then of some steps with two sequences at once. */
  private static float[] logits(String kind, Precision precision, double thetaFactor) {
    return logits(kind, precision, thetaFactor, EightBitKernel.FBGEMM);
  }

  private static float[] logits(
      String kind, Precision precision, double thetaFactor, EightBitKernel kernel) {
    Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(kind).resolve("checkpoint"));
    LanguageConfig config = LanguageConfig.of(checkpoint.config());
    LanguageConfig changed = config.withTheta(config.rotary().theta() * thetaFactor);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(2, "cpu"));
        Tokenizer tokenizer = Tokenizer.open(checkpoint.directory());
        LanguageModel model =
            LanguageModel.load(
                runtime,
                changed,
                checkpoint,
                precision,
                tokenizer.length(),
                Kernels.of(kernel, false));
        KvPool pool = model.newPool(64);
        Tensor rows = model.rows(PROMPT)) {
      KvRange prompt = pool.take(PROMPT.size()).orElseThrow();
      List<float[]> parts = new ArrayList<>();
      parts.add(model.prefill(rows, 0, PROMPT.size(), prompt, pool, Shown.ALL));
      KvRange first = pool.take(8).orElseThrow();
      KvRange second = pool.take(8).orElseThrow();
      List<Stretch> together =
          List.of(
              new Stretch(prompt, first, 0, List.of(12, 40, 77)),
              new Stretch(prompt, second, 0, List.of(200)));
      parts.addAll(List.of(model.step(together, pool).take()));
      KvRange third = pool.take(8).orElseThrow();
      List<Stretch> unlike =
          List.of(
              new Stretch(prompt, first, 3, List.of(9)),
              new Stretch(KvRange.NONE, third, 0, List.of(5, 44, 210, 7)),
              new Stretch(prompt, second, 1, List.of(33, 61)));
      parts.addAll(List.of(model.step(unlike, pool).take()));
      parts.addAll(
          List.of(model.step(List.of(new Stretch(prompt, first, 4, List.of(18))), pool).take()));
      return joined(parts);
    }
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Root mean square of the differences over that of the exact logits. */
  private static double error(float[] exact, float[] other) {
    assertThat(other).hasSameSizeAs(exact);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += Math.pow(exact[i] - other[i], 2);
      size += Math.pow(exact[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  @ParameterizedTest
  @CsvSource({"llava-vicuna", "llava-llama3", "llava-mistral", "llava-qwen2", "llava-phi"})
  void staysNear_inHalfPrecisionAndInEightBits(String kind) {
    float[] exact = logits(kind, Precision.FP32, 1);

    assertThat(error(exact, logits(kind, Precision.BF16, 1))).isBetween(1e-6, 0.02);
    for (EightBitKernel kernel : EightBitKernel.values()) {
      assertThat(error(exact, logits(kind, Precision.INT8, 1, kernel))).isBetween(1e-6, 0.06);
    }
  }

  @ParameterizedTest
  @CsvSource({"llava-vicuna", "llava-llama3", "llava-mistral", "llava-qwen2", "llava-phi"})
  void isTheSame_byTheProgramOfAGpu(String kind) {
    float[] exact = logits(kind, Precision.FP32, 1);

    assertThat(error(exact, logits(kind, Precision.FP32, 1, EightBitKernel.GPU))).isLessThan(1e-5);
    double coarse = error(exact, logits(kind, Precision.BF16, 1, EightBitKernel.GPU));
    assertThat(coarse).isBetween(1e-6, 0.03);
    assertThat(error(exact, logits(kind, Precision.FP16, 1, EightBitKernel.GPU)))
        .isBetween(1e-6, 0.004)
        .isLessThan(coarse / 4); // three bits more
  }

  @Test
  void isFar_whenTheModelIsAnotherOne() {
    float[] exact = logits("llava-vicuna", Precision.FP32, 1);

    assertThat(error(exact, logits("llava-vicuna", Precision.INT8, 0.01))).isGreaterThan(0.06);
  }
}
