package dev.densestream.trainer.train.program;

import dev.densestream.trainer.train.config.LanguagePlan;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parameters as one thread learns by them: everybody's values, its own gradients. */
final class Replica implements AutoCloseable {
  private final ProgramLists lists;
  private final @Nullable TensorList leaves;

  /**
   * Makes handles of all parameters.
   *
   * @param learnt those that gradients are kept for
   * @param leaf makes a handle of such a one
   */
  Replica(
      TensorRuntime runtime,
      TensorProgram program,
      ParameterTable table,
      LanguagePlan language,
      LearntTensors parameters,
      List<Parameter> learnt,
      Function<Parameter, Tensor> leaf) {
    Map<String, Tensor> byKey = new LinkedHashMap<>();
    learnt.forEach(parameter -> byKey.put(parameter.key(), leaf.apply(parameter)));
    lists =
        ProgramLists.of(
            runtime,
            table,
            language,
            parameter -> {
              Tensor own = byKey.get(parameter.key());
              return own == null ? parameters.fixed(parameter) : program.call("itself", own);
            });
    leaves = byKey.isEmpty() ? null : runtime.list(List.copyOf(byKey.values()));
  }

  ProgramLists lists() {
    return lists;
  }

  /** What is learnt, in the order it was given; borrowed. */
  TensorList leaves() {
    if (leaves == null) {
      throw new IllegalStateException("nothing is learnt before a stage begins");
    }
    return leaves;
  }

  @Override
  public void close() {
    lists.close();
    if (leaves != null) {
      leaves.close();
    }
  }
}
