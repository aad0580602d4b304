package dev.densestream.trainer.train.program;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Parameters on the device, in float32, which gradients are kept for. */
final class LearntTensors implements AutoCloseable {
  private final TensorProgram program;
  private final List<Parameter> parameters;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * Makes them.
   *
   * @param program Training.torch, borrowed
   * @param values first values
   */
  LearntTensors(
      TensorRuntime runtime,
      TensorProgram program,
      List<Parameter> parameters,
      Function<Parameter, float[]> values) {
    this.program = program;
    this.parameters = List.copyOf(parameters);
    for (Parameter parameter : parameters) {
      try (Tensor plain = runtime.floats(values.apply(parameter), parameter.shape())) {
        tensors.put(parameter.key(), program.learn("parameter", plain).getFirst());
      }
    }
  }

  /** Borrowed. */
  Tensor get(Parameter parameter) {
    Tensor tensor = tensors.get(parameter.key());
    if (tensor == null) {
      throw new IllegalStateException("no parameter " + parameter.key());
    }
    return tensor;
  }

  /** Its values, which no gradient is kept for; the caller closes the tensor. */
  Tensor fixed(Parameter parameter) {
    return program.call("fixed", get(parameter));
  }

  /** Another handle, for the same gradient; the caller closes it. */
  Tensor itself(Parameter parameter) {
    return program.call("itself", get(parameter));
  }

  /** Its values with a gradient of their own; the caller closes the tensor. */
  Tensor beside(Parameter parameter) {
    return program.learn("beside", get(parameter)).getFirst();
  }

  /** By key. */
  Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      try (Tensor fixed = fixed(parameter)) {
        values.put(parameter.key(), fixed.toFloats());
      }
    }
    return values;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
