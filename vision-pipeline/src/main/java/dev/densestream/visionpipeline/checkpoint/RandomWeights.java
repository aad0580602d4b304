package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;

/** Uniform in [-0.05, 0.05]: large enough that nothing underflows, small enough to stay finite. */
public final class RandomWeights implements Weights {
  @Override
  public boolean has(String key) {
    return true;
  }

  @Override
  public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
    try (TensorProgram program = runtime.compile(RandomWeights.class, "RandomWeights.torch");
        Tensor sizes = runtime.longs(shape, shape.length);
        Tensor like = runtime.reserve(precision, 1)) {
      return program.call("random", sizes, like);
    }
  }
}
