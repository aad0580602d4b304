package dev.densestream.answerservice.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;

/**
 * What config.json says about the language model.
 *
 * @param contextLength positions the model knows
 * @param tiedHead whether the embedding table is the head too
 * @param slidingWindow keys a query sees, itself included; 0 for all
 */
public record LanguageConfig(
    Family family,
    LanguageShape shape,
    Rotary rotary,
    int contextLength,
    boolean tiedHead,
    int slidingWindow,
    double normEpsilon) {
  private static final int MOST_POSITIONS = 1 << 21;

  public LanguageConfig {
    requireNonNull(family, "family is null");
    requireNonNull(shape, "shape is null");
    requireNonNull(rotary, "rotary is null");
  }

  /** Bytes of keys and values that one row takes. */
  public long bytesOfARow(Precision precision) {
    int each = precision == Precision.FP32 ? Float.BYTES : Short.BYTES;
    return 2L * shape.layers() * shape.keyValueHeads() * shape.headSize() * each;
  }

  /**
   * Reads the keys.
   *
   * @throws CheckpointException naming file and key of what is missing or cannot be served
   */
  public static LanguageConfig of(ModelConfig config) {
    Family family = Family.of(config);
    LanguageShape shape = shape(config, family);
    return new LanguageConfig(
        family,
        shape,
        rotary(config, family, shape),
        contextLength(config, family),
        config.flag("tie_word_embeddings", false),
        window(config, family),
        family.rmsNorm()
            ? config.number("rms_norm_eps", 1e-6)
            : config.number("layer_norm_eps", 1e-5));
  }

  private static LanguageShape shape(ModelConfig config, Family family) {
    int heads = config.positive("num_attention_heads");
    String stored = "num_key_value_heads";
    try {
      return new LanguageShape(
          config.positive("num_hidden_layers"),
          config.positive("hidden_size"),
          heads,
          config.json().has(stored)
              ? config.integer(stored, heads)
              : family.keyValueHeadsUnlessSaid(heads),
          config.positive("intermediate_size"),
          config.positive("vocab_size"));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(config.file() + ": " + e.getMessage(), e);
    }
  }

  private static Rotary rotary(ModelConfig config, Family family, LanguageShape shape) {
    double part = family == Family.PHI ? config.number("partial_rotary_factor", 0.5) : 1;
    try {
      return Rotary.of(config, (int) (part * shape.headSize()));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(config.file() + ": " + e.getMessage(), e);
    }
  }

  private static int contextLength(ModelConfig config, Family family) {
    int positions = config.integer("max_position_embeddings", family.positionsUnlessSaid());
    if (positions < 1 || positions > MOST_POSITIONS) {
      throw new CheckpointException(
          config.file()
              + ": key max_position_embeddings must be from 1 to "
              + MOST_POSITIONS
              + ": was "
              + positions);
    }
    return positions;
  }

  /** Where Mistral's key is absent, the original has a window; where it is null, it has none. */
  private static int window(ModelConfig config, Family family) {
    return switch (family) {
      case MISTRAL ->
          config.integer("sliding_window", config.json().has("sliding_window") ? 0 : 4096);
      case QWEN2 ->
          config.flag("use_sliding_window", false) ? config.integer("sliding_window", 4096) : 0;
      case LLAMA, PHI -> 0;
    };
  }

  /** The same model believing in another base of its rotary frequencies. */
  public LanguageConfig withTheta(double theta) {
    return new LanguageConfig(
        family,
        shape,
        new Rotary(theta, rotary.size(), rotary.scaling()),
        contextLength,
        tiedHead,
        slidingWindow,
        normEpsilon);
  }
}
