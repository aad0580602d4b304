package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.CpuFeatures;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model. Used by one thread at a time; the caller closes it, and every tensor and
 * pool it hands out.
 *
 * <p>Deviates from the original in turning positions in float32 whatever the weights' precision is,
 * and in whole numbers in joining the query, key and value weights, and the gate and up weights, to
 * one multiplication each. Scores are float32 in a step; in a prefill on a processor they have the
 * type of keys and values, which is {@link Precision#elementType}.
 */
public final class LanguageModel implements AutoCloseable {
  /** Rows of one prefill call that keep the scores of a real shape in reach of the cache. */
  private static final int PROCESSOR_ROWS = 512;

  /** Rows of one prefill call that keep a GPU busy. */
  private static final int GPU_ROWS = 2048;

  private final TensorRuntime runtime;
  private final LanguageConfig config;
  private final Precision precision;
  private final TensorProgram program;
  private final LanguageWeights.Collected weights;
  private final long[] dims;
  private final @Nullable FewRows fewRows;
  private final Kernels kernels;

  private LanguageModel(
      TensorRuntime runtime,
      LanguageConfig config,
      Precision precision,
      TensorProgram program,
      LanguageWeights.Collected weights,
      long[] dims,
      @Nullable FewRows fewRows,
      Kernels kernels) {
    this.runtime = runtime;
    this.config = config;
    this.precision = precision;
    this.program = program;
    this.weights = weights;
    this.dims = dims;
    this.fewRows = fewRows;
    this.kernels = kernels;
  }

  /**
   * Compiles the program and collects the weights.
   *
   * @param vocabulary how many tokens there are: later rows of the head are never shown
   * @throws DeviceMissingException if the runtime's device does not compute in the precision, or
   *     Java not in 4 bits
   */
  public static LanguageModel load(
      TensorRuntime runtime,
      LanguageConfig config,
      Weights source,
      Precision precision,
      int vocabulary) {
    precision.requireDevice(runtime.onGpu() ? "gpu0" : RuntimeSettings.CPU);
    return load(runtime, config, source, precision, vocabulary, Kernels.fastestOn(runtime));
  }

  /**
   * The same by the program of a GPU, on whatever device the runtime has, in any precision but 4
   * bits. On a processor it is slow and gives the same: for comparing the two.
   */
  public static LanguageModel loadAsOnGpu(
      TensorRuntime runtime,
      LanguageConfig config,
      Weights source,
      Precision precision,
      int vocabulary) {
    Kernels kernels = Kernels.of(EightBitKernel.GPU, false);
    return load(runtime, config, source, precision, vocabulary, kernels);
  }

  static LanguageModel load(
      TensorRuntime runtime,
      LanguageConfig config,
      Weights source,
      Precision precision,
      int vocabulary,
      Kernels kernels) {
    if (precision == Precision.INT4 && !kernels.vectors()) {
      throw new DeviceMissingException(
          "precision int4 needs Java's Vector API: start Java with --add-modules"
              + " jdk.incubator.vector and without TieredStopAtLevel, as src/bin/densestream does,"
              + " or choose int8");
    }
    TensorProgram program =
        runtime.compile(LanguageModel.class, "LanguageModel.torch", kernels.text());
    try {
      LanguageWeights.Collected weights =
          new LanguageWeights(runtime, program, config, source, precision, kernels).collect();
      return load(runtime, config, precision, vocabulary, kernels, program, weights);
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  private static LanguageModel load(
      TensorRuntime runtime,
      LanguageConfig config,
      Precision precision,
      int vocabulary,
      Kernels kernels,
      TensorProgram program,
      LanguageWeights.Collected weights) {
    try {
      Optional<FewRows> fewRows =
          kernels.vectors()
              ? FewRows.of(config, precision, vocabulary, weights, runtime.threads())
              : Optional.empty();
      return new LanguageModel(
          runtime,
          config,
          precision,
          program,
          weights,
          dims(config, vocabulary, precision, kernels.eightBits()),
          fewRows.orElse(null),
          kernels);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /** Whether a tensor of a checkpoint takes one byte a number where the precision is 8 bits. */
  public static boolean inEightBits(String key) {
    boolean matrix = key.startsWith("model.layers.") && !key.contains("norm");
    return key.endsWith(".weight") && (matrix || key.equals("lm_head.weight"));
  }

  private static long[] dims(
      LanguageConfig config, int vocabulary, Precision precision, EightBitKernel kernel) {
    LanguageShape shape = config.shape();
    Family family = config.family();
    return new long[] {
      shape.layers(),
      shape.heads(),
      shape.keyValueHeads(),
      shape.headSize(),
      config.rotary().size(),
      config.slidingWindow(),
      vocabulary,
      family.rmsNorm() ? 1 : 0,
      family.parallelFeedForward() ? 1 : 0,
      family.gated() ? 1 : 0,
      precision.wholeNumbers() ? kernel.number() : 0,
      EightBitKernel.levels(CpuFeatures.ofThisMachine())
    };
  }

  TensorRuntime runtime() {
    return runtime;
  }

  TensorProgram program() {
    return program;
  }

  Precision precision() {
    return precision;
  }

  Kernels kernels() {
    return kernels;
  }

  public LanguageConfig config() {
    return config;
  }

  /** Rows of one prefill call that are fast here: more cost memory, and others their pace. */
  public int prefillRows() {
    return runtime.onGpu() ? GPU_ROWS : PROCESSOR_ROWS;
  }

  /**
   * Whether stretches of different lengths are run together at the price of their own rows: by a
   * GPU's flash kernel, for keys and values of shapes that it takes, all of them always seen. Else
   * all are padded to the longest.
   */
  public boolean mixes() {
    int size = config.shape().headSize();
    boolean taken = precision != Precision.FP32 && size % 8 == 0 && size <= 256;
    return kernels.onGpu() && config.slidingWindow() == 0 && (taken || !runtime.onGpu());
  }

  /** Called on the thread that runs the model, once it is loaded and before the first rows. */
  public void begin() {
    runtime.goApart();
  }

  /** Rows [S, C] of token ids. The caller closes them. */
  public Tensor rows(List<Integer> ids) {
    try (Tensor input = ids(ids)) {
      return program.call("embedded", input, weights.tensors());
    }
  }

  /**
   * Rows of ids, visual tokens, ids, joined.
   *
   * @param visual [N, C]
   */
  public Tensor rows(List<Integer> before, float[] visual, List<Integer> after) {
    int width = config.shape().width();
    try (Tensor first = ids(before);
        Tensor pictures = runtime.floats(visual, visual.length / width, width);
        Tensor last = ids(after)) {
      return program.call("spliced", first, pictures, last, weights.tensors());
    }
  }

  /** A pool with room for so many rows. The caller closes it. */
  public KvPool newPool(int places) {
    PoolTensors pool = PoolTensors.reserve(this, places + 1L);
    try {
      program.call("cleared", pool.tensors()).close();
      return new KvPool(pool.tensors(), pool.memory(), places);
    } catch (RuntimeException e) {
      pool.tensors().close();
      throw e;
    }
  }

  /** Which rows' logits {@link #prefill} gives. */
  public enum Shown {
    NONE(0),
    LAST(1),
    ALL(2);

    private final int number;

    Shown(int number) {
      this.number = number;
    }
  }

  /**
   * Runs {@code rows[from:to]} of one sequence behind its first {@code from} rows.
   *
   * @param places of the sequence's rows from its first one on
   * @return logits, row-major, V floats for each row shown
   */
  public float[] prefill(Tensor rows, int from, int to, KvRange places, KvPool pool, Shown shown) {
    if (to > places.length()) {
      throw new IllegalArgumentException(
          "there must be places for " + to + " rows: are " + places.length());
    }
    try (Tensor logits =
        program.call(
            "prefill",
            rows,
            from,
            to,
            places.first(),
            from,
            shown.number,
            dims,
            config.normEpsilon(),
            pool.tensors(),
            weights.tensors(),
            weights.packed())) {
      return logits.toFloats();
    }
  }

  /** Waits until steps are as fast as they get here: a second or two after a model's start. */
  public void awaitFastSteps() {
    if (fewRows != null) {
      fewRows.await();
    }
  }

  /**
   * Runs the tokens of several sequences at once; their weights are read once for all.
   *
   * @return for each stretch what follows its last token; the caller closes it
   */
  public StepLogits step(List<Stretch> stretches, KvPool pool) {
    if (fewRows != null && fewRows.takes(stretches, pool)) {
      return StepLogits.here(fewRows.run(stretches, pool));
    }
    if (mixes() && RaggedFrame.fits(stretches)) {
      return raggedStep(new RaggedFrame(stretches), pool);
    }
    return StepLogits.here(paddedStep(stretches, pool));
  }

  private StepLogits raggedStep(RaggedFrame frame, KvPool pool) {
    long[] numbers = frame.numbers();
    try (Tensor input = runtime.longs(numbers, numbers.length)) {
      Tensor logits =
          program.call(
              "ragged_step",
              input,
              frame.counts(),
              dims,
              config.normEpsilon(),
              pool.tensors(),
              weights.tensors(),
              weights.packed());
      return StepLogits.onDevice(program, logits, frame.order());
    }
  }

  private float[][] paddedStep(List<Stretch> stretches, KvPool pool) {
    StepFrame frame = new StepFrame(stretches);
    long[] numbers = frame.numbers();
    try (Tensor input = runtime.longs(numbers, numbers.length);
        Tensor logits =
            program.call(
                "step",
                input,
                frame.sequences(),
                frame.each(),
                frame.longest(),
                frame.prefixes(),
                frame.alone(),
                dims,
                config.normEpsilon(),
                pool.tensors(),
                weights.tensors(),
                weights.packed())) {
      return frame.unsorted(logits.toFloats());
    }
  }

  /** Elements of rows as float32, for comparisons. */
  public float[] values(Tensor rows) {
    try (Tensor floats = program.call("as_float", rows)) {
      return floats.toFloats();
    }
  }

  private Tensor ids(List<Integer> ids) {
    return runtime.longs(ids.stream().mapToLong(Integer::longValue).toArray(), ids.size());
  }

  @Override
  public void close() {
    if (fewRows != null) {
      fewRows.close();
    }
    weights.close();
    program.close();
  }
}
