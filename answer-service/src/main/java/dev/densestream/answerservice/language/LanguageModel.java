package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.List;

/**
 * A causal language model. Used by one thread at a time; the caller closes it, and every tensor and
 * cache it hands out.
 *
 * <p>Deviates from the original in joining the query, key and value weights, and the gate and up
 * weights, to one multiplication each, and in turning positions and scores in float32 whatever the
 * weights' precision is.
 */
public final class LanguageModel implements AutoCloseable {
  /** Rows of one prefill call that keep the scores of a real shape in reach of the cache. */
  public static final int PREFILL_ROWS = 512;

  private final TensorRuntime runtime;
  private final LanguageConfig config;
  private final TensorProgram program;
  private final TensorList weights;
  private final long[] dims;

  private LanguageModel(
      TensorRuntime runtime,
      LanguageConfig config,
      TensorProgram program,
      TensorList weights,
      long[] dims) {
    this.runtime = runtime;
    this.config = config;
    this.program = program;
    this.weights = weights;
    this.dims = dims;
  }

  /**
   * Compiles the program and collects the weights.
   *
   * @param vocabulary how many tokens there are: later rows of the head are never shown
   */
  public static LanguageModel load(
      TensorRuntime runtime,
      LanguageConfig config,
      Weights source,
      Precision precision,
      int vocabulary) {
    TensorProgram program = runtime.compile(LanguageModel.class, "LanguageModel.torch");
    try {
      TensorList weights =
          new LanguageWeights(runtime, program, config, source, precision).collect();
      return new LanguageModel(runtime, config, program, weights, dims(config, vocabulary));
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  private static long[] dims(LanguageConfig config, int vocabulary) {
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
      family.gated() ? 1 : 0
    };
  }

  public LanguageConfig config() {
    return config;
  }

  /** Rows [S, C] of token ids. The caller closes them. */
  public Tensor rows(List<Integer> ids) {
    try (Tensor input = ids(ids)) {
      return program.call("embedded", input, weights);
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
      return program.call("spliced", first, pictures, last, weights);
    }
  }

  /** An empty cache for so many rows. The caller closes it. */
  public KvCache newCache(int capacity) {
    List<Tensor> tensors = program.callForAll("new_cache", capacity, dims, weights);
    return new KvCache(runtime.list(tensors), capacity);
  }

  /** A cache with room for so many rows that starts with what {@code prefix} holds. */
  public KvCache copyOf(KvCache prefix, int capacity) {
    KvCache copy = newCache(capacity);
    try (Tensor _ = program.call("copy_rows", prefix.tensors(), copy.tensors(), prefix.length())) {
      copy.reserve(prefix.length());
      return copy;
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  /**
   * Runs {@code rows[from:to]} behind what the cache holds.
   *
   * @return logits of the last row, V floats
   */
  public float[] prefill(Tensor rows, int from, int to, KvCache cache) {
    return forward(rows, from, to, cache, false);
  }

  /** As {@link #prefill}, logits of all rows, row-major. */
  public float[] prefillAllRows(Tensor rows, int from, int to, KvCache cache) {
    return forward(rows, from, to, cache, true);
  }

  private float[] forward(Tensor rows, int from, int to, KvCache cache, boolean all) {
    int past = cache.reserve(to - from);
    try (Tensor logits =
        program.call(
            "forward_rows",
            rows,
            from,
            to,
            past,
            all,
            dims,
            config.normEpsilon(),
            cache.tensors(),
            weights)) {
      return logits.toFloats();
    }
  }

  /** Runs one token behind what the cache holds; logits of what follows it, V floats. */
  public float[] step(int id, KvCache cache) {
    int past = cache.reserve(1);
    try (Tensor input = ids(List.of(id));
        Tensor logits =
            program.call(
                "step", input, past, dims, config.normEpsilon(), cache.tensors(), weights)) {
      return logits.toFloats();
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
    weights.close();
    program.close();
  }
}
