package dev.densestream.trainer.train.model;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.TensorValues;
import dev.densestream.visionpipeline.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * One tensor that is learnt, or could be.
 *
 * @param key in the file it is published in
 * @param deviation of its first, random values
 * @param mean of them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Parameter(String key, long[] shape, double deviation, double mean) {
  static Parameter matrix(String key, double deviation, long... shape) {
    return new Parameter(key, shape, deviation, 0);
  }

  static Parameter ones(String key, long size) {
    return new Parameter(key, new long[] {size}, 0, 1);
  }

  static Parameter zeros(String key, long size) {
    return new Parameter(key, new long[] {size}, 0, 0);
  }

  /** Elements. */
  public int size() {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  /** What a step moves it by. */
  public enum Update {
    /** Muon: a matrix between layers. */
    TURNED,
    /** AdamW: other tables, drawn towards 0. */
    DECAYED,
    /** AdamW: norms and biases, drawn nowhere. */
    PLAIN
  }

  /** Whether it lies in the tower's own file. */
  public boolean isOfTower() {
    return key.startsWith("vision_model.");
  }

  /** By what it is moved. */
  public Update update() {
    if (shape.length == 1) {
      return Update.PLAIN;
    }
    boolean between = key.contains("layers.") || key.contains("mm_projector");
    return between ? Update.TURNED : Update.DECAYED;
  }

  /**
   * Its values in a model's files, as float32.
   *
   * @throws dev.densestream.visionpipeline.CheckpointException if they are not there, or of other
   *     sizes
   */
  public float[] stored(Weights weights, TensorRuntime runtime) {
    try (Tensor tensor = weights.tensor(runtime, key, Precision.FP32, shape)) {
      return tensor.toFloats();
    }
  }

  /**
   * Its values as they are written.
   *
   * @param values of all parameters by key
   * @throws IllegalArgumentException if they are not there
   */
  public TensorValues with(Map<String, float[]> values) {
    float[] own = values.get(key);
    if (own == null) {
      throw new IllegalArgumentException("no values of " + key);
    }
    return new TensorValues(key, shape, own);
  }

  /** First values, the same for the same seed whatever else there is. */
  public float[] initial(long seed) {
    float[] values = new float[size()];
    Arrays.fill(values, (float) mean);
    if (deviation > 0) {
      Random random = new Random(seed * 31 + key.hashCode());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (mean + deviation * random.nextGaussian());
      }
    }
    return values;
  }
}
