package dev.densestream.answerservice.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.language.LanguageConfig.Rotary;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Times a language model of a real shape with random weights, as llama-bench does: prefill of so
 * many tokens into an empty cache, and apart from it so many decode steps from an empty cache.
 */
public final class LanguageBench {
  // layers, width, query heads, key-value heads, feed-forward width, vocabulary
  private static final Map<String, LanguageShape> SHAPES =
      new TreeMap<>(
          Map.of(
              "llama-1.1b", new LanguageShape(22, 2048, 32, 4, 5632, 32_000),
              "llama-7b", new LanguageShape(32, 4096, 32, 32, 11_008, 32_000),
              "llama-13b", new LanguageShape(40, 5120, 40, 40, 13_824, 32_000),
              "llama3-8b", new LanguageShape(32, 4096, 32, 8, 14_336, 128_256)));
  private static final int TOKEN = 1;

  private LanguageBench() {}

  /**
   * What is measured.
   *
   * @param shape one of {@link #shapes()}
   * @param prefill tokens; 0 leaves it out
   * @param decode steps; 0 leaves them out
   * @param warmUps runs not counted
   * @param repetitions runs counted
   */
  public record Plan(
      String shape, Precision precision, int prefill, int decode, int warmUps, int repetitions) {
    public Plan {
      requireNonNull(shape, "shape is null");
      requireNonNull(precision, "precision is null");
      if (prefill < 0 || decode < 0 || prefill + decode < 1 || warmUps < 0 || repetitions < 1) {
        throw new IllegalArgumentException(
            "prefill or decode, and repetitions, must be at least 1: was "
                + prefill
                + ", "
                + decode
                + " and "
                + repetitions);
      }
    }
  }

  /** Tokens per second over the repetitions. */
  public record Speed(double median, double slowest, double fastest) {
    private static Speed of(double[] tokensPerSecond) {
      double[] sorted = tokensPerSecond.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
      return new Speed(median, sorted[0], sorted[last]);
    }
  }

  /**
   * What came out.
   *
   * @param prefill all zeros if it was left out
   * @param decode all zeros if it was left out
   */
  public record Outcome(Plan plan, int threads, Speed prefill, Speed decode) {}

  /** Names of the known shapes. */
  public static SortedSet<String> shapes() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(SHAPES.keySet()));
  }

  /**
   * Runs the plan on the runtime's threads.
   *
   * @throws IllegalArgumentException if the shape is not known
   */
  public static Outcome run(TensorRuntime runtime, Plan plan) {
    LanguageShape shape = SHAPES.get(plan.shape());
    if (shape == null) {
      throw new IllegalArgumentException(
          "shape must be one of " + shapes() + ": was " + plan.shape());
    }
    LanguageConfig config =
        new LanguageConfig(
            Family.LLAMA,
            shape,
            new Rotary(10_000, shape.headSize()),
            Math.max(4096, plan.prefill() + plan.decode()),
            false,
            0,
            1e-5);
    try (LanguageModel model =
        LanguageModel.load(
            runtime, config, Weights.random(), plan.precision(), shape.vocabulary())) {
      return new Outcome(plan, runtime.threads(), prefill(model, plan), decode(model, plan));
    }
  }

  private static Speed prefill(LanguageModel model, Plan plan) {
    if (plan.prefill() == 0) {
      return new Speed(0, 0, 0);
    }
    try (Tensor rows = model.rows(Collections.nCopies(plan.prefill(), TOKEN))) {
      return times(
          plan,
          plan.prefill(),
          cache -> {
            for (int from = 0; from < plan.prefill(); from += LanguageModel.PREFILL_ROWS) {
              int to = Math.min(plan.prefill(), from + LanguageModel.PREFILL_ROWS);
              model.prefill(rows, from, to, cache);
            }
          },
          model);
    }
  }

  private static Speed decode(LanguageModel model, Plan plan) {
    if (plan.decode() == 0) {
      return new Speed(0, 0, 0);
    }
    return times(
        plan,
        plan.decode(),
        cache -> {
          for (int step = 0; step < plan.decode(); step++) {
            model.step(TOKEN, cache);
          }
        },
        model);
  }

  private interface Run {
    void on(KvCache cache);
  }

  private static Speed times(Plan plan, int tokens, Run run, LanguageModel model) {
    double[] tokensPerSecond = new double[plan.repetitions()];
    for (int i = -plan.warmUps(); i < tokensPerSecond.length; i++) {
      try (KvCache cache = model.newCache(tokens)) {
        long begin = System.nanoTime();
        run.on(cache);
        if (i >= 0) {
          tokensPerSecond[i] = tokens * 1e9 / (System.nanoTime() - begin);
        }
      }
    }
    return Speed.of(tokensPerSecond);
  }
}
