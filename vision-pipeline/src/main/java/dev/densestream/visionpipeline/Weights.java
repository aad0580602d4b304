package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.checkpoint.RandomWeights;

/** Where a program's weights come from, by the names the original code gave them. */
public interface Weights {
  boolean has(String key);

  /**
   * One weight; the caller closes it.
   *
   * @param shape what it must be, -1 where any size will do; nothing given accepts any shape
   * @throws CheckpointException if it is missing, has another shape or no floating-point type
   */
  Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape);

  /** The same weights, each key taken with the prefix in front. */
  default Weights under(String prefix) {
    Weights all = this;
    return new Weights() {
      @Override
      public boolean has(String key) {
        return all.has(prefix + key);
      }

      @Override
      public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
        return all.tensor(runtime, prefix + key, precision, shape);
      }
    };
  }

  /** Every key, any shape that is asked for, small random values: for measuring, never for use. */
  static Weights random() {
    return new RandomWeights();
  }
}
