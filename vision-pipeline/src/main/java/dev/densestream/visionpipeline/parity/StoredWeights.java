package dev.densestream.visionpipeline.parity;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;

/** Weights stored among reference tensors. */
record StoredWeights(TensorFile file) implements Weights {
  @Override
  public boolean has(String key) {
    return file.keys().contains(key);
  }

  @Override
  public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
    return tensor(runtime, file, key);
  }

  static Tensor tensor(TensorRuntime runtime, TensorFile file, String key) {
    long[] shape = file.shape(key).stream().mapToLong(Long::longValue).toArray();
    return runtime.floats(file.floats(key), shape);
  }
}
