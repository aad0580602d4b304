package dev.densestream.benchmarks.precision;

import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.KvRange;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.language.Stretch;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Lets models go on from a prompt in float32, greedily, and asks each narrower precision at every
 * token what it would have said behind the same words. Both run one token a step, as answers do. On
 * a GPU float32 is asked too: what it is compared with is the processor's.
 */
public final class GreedyAgreement {
  private static final int PROMPT = 24;
  private static final List<Precision> ON_PROCESSOR =
      List.of(Precision.BF16, Precision.INT8, Precision.INT4);
  private static final List<Precision> ON_GPU =
      List.of(Precision.FP32, Precision.BF16, Precision.FP16, Precision.INT8);

  private final TensorRuntime here;
  private final TensorRuntime runtime;
  private final int tokens;

  private GreedyAgreement(TensorRuntime here, TensorRuntime runtime, int tokens) {
    this.here = here;
    this.runtime = runtime;
    this.tokens = tokens;
  }

  /**
   * Prints a Markdown table.
   *
   * @param arguments device, how many tokens, and model directories
   */
  public static void main(String[] arguments) {
    if (arguments.length < 3) {
      throw new IllegalArgumentException("usage: GreedyAgreement DEVICE TOKENS MODEL...");
    }
    try (TensorRuntime here = TensorRuntime.open(RuntimeSettings.defaults());
        TensorRuntime runtime = TensorRuntime.open(RuntimeSettings.on(arguments[0]))) {
      GreedyAgreement agreement =
          new GreedyAgreement(here, runtime, Integer.parseInt(arguments[1]));
      System.out.println(
          "| model | family | layers x width | precision | same choice | first other one at | logits' error |");
      System.out.println("| --- | --- | --- | --- | ---: | ---: | ---: |");
      Stream.of(arguments).skip(2).map(Path::of).forEach(agreement::rows);
    }
  }

  private void rows(Path directory) {
    Told exact = told(here, directory, Precision.FP32, List.of());
    LanguageConfig config = LanguageConfig.of(Checkpoint.open(directory).config());
    for (Precision precision : runtime.onGpu() ? ON_GPU : ON_PROCESSOR) {
      Told other = told(runtime, directory, precision, exact.choices);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d x %d | %s | %d of %d | %s | %.1f %% |%n",
          directory,
          config.family().name().toLowerCase(Locale.ROOT),
          config.shape().layers(),
          config.shape().width(),
          precision.name().toLowerCase(Locale.ROOT),
          same(exact.choices, other.choices),
          tokens,
          firstOther(exact.choices, other.choices),
          100 * error(exact.logits, other.logits));
    }
  }

  /** What was likeliest at each token, and all logits. */
  private record Told(List<Integer> choices, List<float[]> logits) {}

  /**
   * Goes on from the prompt.
   *
   * @param runtime where
   * @param given the words to go on by; its own choices if empty
   */
  private Told told(
      TensorRuntime runtime, Path directory, Precision precision, List<Integer> given) {
    Checkpoint checkpoint = Checkpoint.open(directory);
    LanguageConfig config = LanguageConfig.of(checkpoint.config());
    try (Tokenizer tokenizer = Tokenizer.open(directory);
        LanguageModel model =
            LanguageModel.load(runtime, config, checkpoint, precision, tokenizer.length());
        KvPool pool = model.newPool(PROMPT + tokens);
        Tensor rows = model.rows(prompt(tokenizer.length()))) {
      model.awaitFastSteps();
      KvRange prompt = pool.take(PROMPT).orElseThrow();
      KvRange own = pool.take(tokens).orElseThrow();
      List<Integer> choices = new ArrayList<>();
      List<float[]> all = new ArrayList<>();
      float[] logits = model.prefill(rows, 0, PROMPT, prompt, pool, Shown.LAST);
      for (int i = 0; i < tokens; i++) {
        all.add(logits);
        choices.add(largest(logits));
        int next = given.isEmpty() ? choices.getLast() : given.get(i);
        logits = model.step(List.of(new Stretch(prompt, own, i, List.of(next))), pool).take()[0];
      }
      return new Told(choices, all);
    }
  }

  private static List<Integer> prompt(int vocabulary) {
    return new Random(7).ints(PROMPT, 3, vocabulary).boxed().toList();
  }

  private static int largest(float[] logits) {
    int largest = 0;
    for (int i = 1; i < logits.length; i++) {
      largest = logits[i] > logits[largest] ? i : largest;
    }
    return largest;
  }

  private static int same(List<Integer> exact, List<Integer> other) {
    int same = 0;
    for (int i = 0; i < exact.size(); i++) {
      same += exact.get(i).equals(other.get(i)) ? 1 : 0;
    }
    return same;
  }

  private static String firstOther(List<Integer> exact, List<Integer> other) {
    for (int i = 0; i < exact.size(); i++) {
      if (!exact.get(i).equals(other.get(i))) {
        return String.valueOf(i + 1);
      }
    }
    return "none";
  }

  /** Root mean square of the differences over that of the exact ones. */
  private static double error(List<float[]> exact, List<float[]> other) {
    double difference = 0;
    double size = 0;
    for (int row = 0; row < exact.size(); row++) {
      for (int i = 0; i < exact.get(row).length; i++) {
        difference += Math.pow(exact.get(row)[i] - other.get(row)[i], 2);
        size += Math.pow(exact.get(row)[i], 2);
      }
    }
    return Math.sqrt(difference / size);
  }
}
