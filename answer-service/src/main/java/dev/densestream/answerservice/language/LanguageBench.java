package dev.densestream.answerservice.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * Times a language model of a real shape with random weights, as llama-bench does: prefill of so
 * many tokens, apart from it so many decode steps from nothing, and questions on one window.
 */
public final class LanguageBench {
  // layers, width, query heads, key-value heads, feed-forward width, vocabulary
  private static final Map<String, LanguageShape> SHAPES =
      new TreeMap<>(
          Map.of(
              "llama-tiny", new LanguageShape(6, 256, 4, 2, 704, 1024),
              "llama-1.1b", new LanguageShape(22, 2048, 32, 4, 5632, 32_000),
              "llama-7b", new LanguageShape(32, 4096, 32, 32, 11_008, 32_000),
              "llama-13b", new LanguageShape(40, 5120, 40, 40, 13_824, 32_000),
              "llama3-8b", new LanguageShape(32, 4096, 32, 8, 14_336, 128_256)));
  private static final int TOKEN = 1;

  /** Visual tokens of the window that questions are asked about: 8 frames of 144. */
  public static final int WINDOW = 1152;

  /** Tokens of a question's text. */
  public static final int QUESTION = 20;

  /** Tokens of an answer. */
  public static final int ANSWER = 24;

  private final Plan plan;
  private final LanguageModel model;
  private final KvPool pool;

  private LanguageBench(Plan plan, LanguageModel model, KvPool pool) {
    this.plan = plan;
    this.model = model;
    this.pool = pool;
  }

  /**
   * What is measured.
   *
   * @param shape one of {@link #shapes()}
   * @param prefill tokens; 0 leaves it out
   * @param decode steps; 0 leaves them out
   * @param context tokens that each sequence has before its first step: read, but never computed
   * @param sequences decoded together
   * @param questions on one window of {@link #WINDOW} visual tokens; 0 leaves them out
   * @param warmUps runs not counted
   * @param repetitions runs counted
   */
  public record Plan(
      String shape,
      Precision precision,
      int prefill,
      int decode,
      int context,
      int sequences,
      int questions,
      int warmUps,
      int repetitions) {
    public Plan {
      requireNonNull(shape, "shape is null");
      requireNonNull(precision, "precision is null");
      if (prefill < 0
          || decode < 0
          || questions < 0
          || context < 0
          || prefill + decode + questions < 1
          || sequences < 1
          || warmUps < 0
          || repetitions < 1) {
        throw new IllegalArgumentException(
            "prefill, decode or questions, and sequences and repetitions, must be at least 1");
      }
    }
  }

  /** Median and ends over the repetitions. */
  public record Spread(double median, double least, double most) {
    private static Spread of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
      return new Spread(median, sorted[0], sorted[last]);
    }
  }

  /**
   * What came out; what was left out is absent.
   *
   * @param prefill tokens per second
   * @param decode tokens per second, all sequences together
   * @param first seconds from the window's last frame until one question is answered
   * @param all the same until all questions are answered
   */
  public record Outcome(
      Plan plan,
      int threads,
      Optional<Spread> prefill,
      Optional<Spread> decode,
      Optional<Spread> first,
      Optional<Spread> all) {}

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
    int context = Math.max(4096, plan.prefill() + plan.context() + plan.decode());
    try (LanguageModel model = model(runtime, plan.shape(), plan.precision(), context);
        KvPool pool = model.newPool(places(plan))) {
      LanguageBench bench = new LanguageBench(plan, model, pool);
      return new Outcome(
          plan,
          runtime.threads(),
          bench.prefill(),
          bench.decode(),
          bench.questions(Math.min(1, plan.questions())),
          bench.questions(plan.questions()));
    }
  }

  /** How many tokens a known shape has. */
  public static int vocabulary(String name) {
    return shape(name).vocabulary();
  }

  /** Channels of a known shape. */
  public static int width(String name) {
    return shape(name).width();
  }

  private static LanguageShape shape(String name) {
    LanguageShape shape = SHAPES.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("shape must be one of " + shapes() + ": was " + name);
    }
    return shape;
  }

  /**
   * A model of a known shape with random weights. The caller closes it.
   *
   * @param context its longest sequence
   * @throws IllegalArgumentException if the shape is not known
   */
  public static LanguageModel model(
      TensorRuntime runtime, String name, Precision precision, int context) {
    LanguageShape shape = shape(name);
    LanguageConfig config =
        new LanguageConfig(
            Family.LLAMA,
            shape,
            new Rotary(10_000, shape.headSize(), new Rotary.Unscaled()),
            context,
            false,
            0,
            1e-5);
    LanguageModel model =
        LanguageModel.load(runtime, config, Weights.random(), precision, shape.vocabulary());
    model.awaitFastSteps();
    return model;
  }

  private static int places(Plan plan) {
    int questions = WINDOW + plan.questions() * (QUESTION + ANSWER);
    return Math.max(
        Math.max(plan.prefill(), plan.sequences() * (plan.context() + plan.decode())), questions);
  }

  private Optional<Spread> prefill() {
    return measured(plan.prefill(), seconds -> plan.prefill() / seconds, this::prefillOnce);
  }

  private void prefillOnce() {
    KvRange places = take(plan.prefill());
    fill(places, LanguageModel.Shown.LAST);
    pool.give(places);
  }

  private void fill(KvRange places, LanguageModel.Shown shown) {
    int rows = places.length();
    try (Tensor embedded = model.rows(Collections.nCopies(rows, TOKEN))) {
      for (int from = 0; from < rows; from += model.prefillRows()) {
        int to = Math.min(rows, from + model.prefillRows());
        model.prefill(
            embedded, from, to, places, pool, to == rows ? shown : LanguageModel.Shown.NONE);
      }
    }
  }

  private Optional<Spread> decode() {
    double tokens = (double) plan.decode() * plan.sequences();
    return measured(
        plan.decode(),
        seconds -> tokens / seconds,
        () -> run(KvRange.NONE, plan.sequences(), plan.context(), 1, plan.decode() - 1));
  }

  private Optional<Spread> questions(int questions) {
    return measured(questions, seconds -> seconds, () -> window(questions));
  }

  private void window(int questions) {
    KvRange prefix = take(WINDOW);
    fill(prefix, LanguageModel.Shown.NONE);
    run(prefix, questions, 0, QUESTION, ANSWER - 1);
    pool.give(prefix);
  }

  /** Sequences of so many tokens each at once behind some, and then so many more one at a time. */
  private void run(KvRange prefix, int sequences, int behind, int atOnce, int more) {
    List<KvRange> own = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      own.add(take(behind + atOnce + more));
    }
    step(prefix, own, behind, atOnce);
    for (int i = 0; i < more; i++) {
      step(prefix, own, behind + atOnce + i, 1);
    }
    own.forEach(pool::give);
  }

  private void step(KvRange prefix, List<KvRange> own, int filled, int tokens) {
    List<Integer> ids = Collections.nCopies(tokens, TOKEN);
    List<Stretch> all = own.stream().map(range -> new Stretch(prefix, range, filled, ids)).toList();
    model.step(all, pool).close();
  }

  private KvRange take(int length) {
    return pool.take(length).orElseThrow();
  }

  private Optional<Spread> measured(int amount, DoubleUnaryOperator figure, Runnable run) {
    if (amount == 0) {
      return Optional.empty();
    }
    double[] figures = new double[plan.repetitions()];
    for (int i = -plan.warmUps(); i < figures.length; i++) {
      long begin = System.nanoTime();
      run.run();
      if (i >= 0) {
        figures[i] = figure.applyAsDouble((System.nanoTime() - begin) / 1e9);
      }
    }
    return Optional.of(Spread.of(figures));
  }
}
