package dev.densestream.trainer.train.program;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Muon for matrices between layers, AdamW for everything else. */
final class Optimiser implements AutoCloseable {
  private final TensorProgram program;
  private final LearnerThreads threads;
  private final TensorList all;
  private final List<ParameterGroup> groups = new ArrayList<>();

  /**
   * @param threads that move groups of parameters side by side; borrowed
   * @param learnt at least one
   * @param ways how each is moved
   * @param tensors of each, borrowed
   */
  Optimiser(
      TensorRuntime runtime,
      TensorProgram program,
      LearnerThreads threads,
      List<Parameter> learnt,
      Function<Parameter, ParameterGroup.Way> ways,
      Function<Parameter, Tensor> tensors) {
    this.program = program;
    this.threads = threads;
    all = runtime.list(handles(learnt, tensors));
    grouped(learnt, ways)
        .forEach(
            own -> {
              ParameterGroup.Way way = ways.apply(own.getFirst());
              groups.add(new ParameterGroup(runtime, program, way, own, handles(own, tensors)));
            });
  }

  /** What is moved alike and, where whole matrices are turned, has one shape. */
  private static Collection<List<Parameter>> grouped(
      List<Parameter> learnt, Function<Parameter, ParameterGroup.Way> ways) {
    Map<String, List<Parameter>> groups = new LinkedHashMap<>();
    for (Parameter parameter : learnt) {
      ParameterGroup.Way way = ways.apply(parameter);
      boolean turned = way.update() == Parameter.Update.TURNED;
      String shape = turned ? Arrays.toString(parameter.shape()) : "";
      groups.computeIfAbsent(way + shape, _ -> new ArrayList<>()).add(parameter);
    }
    return groups.values();
  }

  private List<Tensor> handles(List<Parameter> of, Function<Parameter, Tensor> tensors) {
    return of.stream().map(p -> program.call("itself", tensors.apply(p))).toList();
  }

  /**
   * One move.
   *
   * @param number from 1 on
   * @param decay of matrices; norms and biases do not
   * @param bfloat16 whether products are made in half precision
   */
  record Step(int number, double rate, double decay, boolean bfloat16) {}

  /** The length of the gradient before it was shortened. */
  double update(Step step, double clip) {
    try (Tensor norm = program.call("shorten", all, clip)) {
      List<Callable<Object>> parts = new ArrayList<>();
      groups.forEach(group -> parts.add(Executors.callable(() -> group.follow(step))));
      threads.all(parts);
      return norm.toFloats()[0];
    }
  }

  Map<String, float[]> gradients() {
    Map<String, float[]> byKey = new LinkedHashMap<>();
    groups.forEach(group -> group.gradients(byKey));
    return byKey;
  }

  Map<String, float[]> moments() {
    Map<String, float[]> byKey = new LinkedHashMap<>();
    groups.forEach(group -> group.moments(byKey));
    return byKey;
  }

  void restore(Function<String, float[]> moments) {
    groups.forEach(group -> group.restore(moments));
  }

  @Override
  public void close() {
    all.close();
    groups.forEach(ParameterGroup::close);
  }
}
