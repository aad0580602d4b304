package dev.densestream.answerservice.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;

/**
 * Rotary position embedding: the angle by which position p turns the i-th pair of channels is p
 * times {@link #frequencies()}{@code [i]}.
 *
 * @param size how many of a head's channels are turned, R
 */
public record Rotary(double theta, int size, Scaling scaling) {
  /** How frequencies are changed so that positions beyond those of training can be told apart. */
  public sealed interface Scaling {}

  /** Not at all. */
  public record Unscaled() implements Scaling {}

  /** Every frequency divided by the factor. */
  public record Linear(double factor) implements Scaling {}

  /**
   * Llama 3.1's: frequencies whose wave is longer than {@code positions / low} are divided by the
   * factor, those whose wave is shorter than {@code positions / high} stay, and what lies between
   * goes over smoothly.
   *
   * @param positions of the training before it was extended
   */
  public record Llama3(double factor, double low, double high, int positions) implements Scaling {}

  public Rotary {
    requireNonNull(scaling, "scaling is null");
    if (!(theta > 0) || size < 2 || size % 2 != 0 || size > 1 << 16) {
      throw new IllegalArgumentException(
          "rotary size must be even and theta positive: was " + size + " and " + theta);
    }
  }

  /**
   * Reads {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters} that newer files
   * have for both.
   *
   * @throws CheckpointException naming file and key of a scaling that is not known
   */
  static Rotary of(ModelConfig config, int size) {
    String key = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
    double usual = 10_000;
    if (!config.has(key)) {
      return new Rotary(config.number("rope_theta", usual), size, new Unscaled());
    }
    ModelConfig scaling = config.section(key);
    double theta = config.number("rope_theta", scaling.number("rope_theta", usual));
    return new Rotary(theta, size, scaling(config, key, scaling));
  }

  private static Scaling scaling(ModelConfig config, String key, ModelConfig section) {
    String type = section.string("rope_type", section.string("type", "default"));
    return switch (type) {
      // The dynamic kind changes nothing up to max_position_embeddings, where we end.
      case "default", "dynamic" -> new Unscaled();
      case "linear" -> new Linear(number(section, "factor"));
      case "llama3" ->
          new Llama3(
              number(section, "factor"),
              number(section, "low_freq_factor"),
              number(section, "high_freq_factor"),
              (int) number(section, "original_max_position_embeddings"));
      default ->
          throw new CheckpointException(
              config.file()
                  + ": key "
                  + key
                  + " has type "
                  + type
                  + "; known are default, dynamic, linear and llama3");
    };
  }

  private static double number(ModelConfig section, String name) {
    double number = section.number(name, 0);
    if (!(number > 0)) {
      throw section.wrong(name, "a positive number");
    }
    return number;
  }

  /** R / 2 angles for one position, computed in float32 as the original does. */
  public float[] frequencies() {
    float[] frequencies = new float[size / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = 2f * i / size;
      frequencies[i] = scaled((float) (1 / Math.pow(theta, exponent)));
    }
    return frequencies;
  }

  private float scaled(float frequency) {
    return switch (scaling) {
      case Unscaled() -> frequency;
      case Linear(double factor) -> (float) (frequency / factor);
      case Llama3 llama -> (float) scaled(llama, frequency);
    };
  }

  private static double scaled(Llama3 llama, double frequency) {
    double waves = llama.positions * frequency / (2 * Math.PI);
    if (waves > llama.high) {
      return frequency;
    }
    if (waves < llama.low) {
      return frequency / llama.factor;
    }
    double smooth = (waves - llama.low) / (llama.high - llama.low);
    return (1 - smooth) * frequency / llama.factor + smooth * frequency;
  }
}
