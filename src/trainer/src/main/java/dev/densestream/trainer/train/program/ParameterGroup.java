package dev.densestream.trainer.train.program;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Parameters that are moved in the same way, and its means of their gradients. */
final class ParameterGroup implements AutoCloseable {
  private final TensorRuntime runtime;
  private final TensorProgram program;
  private final Way way;
  private final List<Parameter> parameters;
  private final TensorList tensors;
  private List<Tensor> first;
  private List<Tensor> second;
  private TensorList firsts;
  private TensorList seconds;

  /**
   * How they are moved.
   *
   * @param update by what
   * @param rate share of a step's rate
   */
  record Way(Parameter.Update update, double rate) {}

  /**
   * @param parameters at least one
   * @param handles of each, taken over
   */
  ParameterGroup(
      TensorRuntime runtime,
      TensorProgram program,
      Way way,
      List<Parameter> parameters,
      List<Tensor> handles) {
    this.runtime = runtime;
    this.program = program;
    this.way = way;
    this.parameters = parameters;
    tensors = runtime.list(handles);
    first = program.callForAll("like", tensors);
    second = program.callForAll("like", tensors);
    firsts = runtime.list(first);
    seconds = runtime.list(second);
  }

  void follow(Optimiser.Step step) {
    List<Tensor> moved =
        switch (way.update()) {
          case TURNED ->
              program.callForAll(
                  "follow_turned", tensors, firsts, rate(step), step.decay(), step.bfloat16());
          case DECAYED -> followed(step, step.decay());
          case PLAIN -> followed(step, 0);
        };
    moved.forEach(Tensor::close);
  }

  private List<Tensor> followed(Optimiser.Step step, double decay) {
    return program.callForAll("follow", tensors, firsts, seconds, step.number(), rate(step), decay);
  }

  private double rate(Optimiser.Step step) {
    return way.rate() * step.rate();
  }

  void gradients(Map<String, float[]> byKey) {
    List<Tensor> gradients = program.callForAll("gradients", tensors);
    for (int i = 0; i < parameters.size(); i++) {
      try (Tensor gradient = gradients.get(i)) {
        byKey.put(parameters.get(i).key(), gradient.toFloats());
      }
    }
  }

  void moments(Map<String, float[]> byKey) {
    for (int i = 0; i < parameters.size(); i++) {
      byKey.put("first." + parameters.get(i).key(), first.get(i).toFloats());
      byKey.put("second." + parameters.get(i).key(), second.get(i).toFloats());
    }
  }

  void restore(Function<String, float[]> moments) {
    firsts.close();
    seconds.close();
    first = stored("first.", moments);
    second = stored("second.", moments);
    firsts = runtime.list(first);
    seconds = runtime.list(second);
  }

  private List<Tensor> stored(String prefix, Function<String, float[]> moments) {
    List<Tensor> list = new ArrayList<>();
    for (Parameter parameter : parameters) {
      list.add(runtime.floats(moments.apply(prefix + parameter.key()), parameter.shape()));
    }
    return list;
  }

  @Override
  public void close() {
    tensors.close();
    firsts.close();
    seconds.close();
  }
}
