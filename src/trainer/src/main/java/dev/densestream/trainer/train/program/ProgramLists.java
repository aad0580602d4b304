package dev.densestream.trainer.train.program;

import dev.densestream.trainer.train.config.LanguagePlan;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The lists of weights that Training.torch is called with: what is learnt as it is, all else as
 * plain tensors.
 */
record ProgramLists(
    TensorList stem, TensorList blocks, TensorList projector, TensorList heads, TensorList words)
    implements AutoCloseable {

  /**
   * The caller closes them.
   *
   * @param handle makes one of a parameter
   */
  static ProgramLists of(
      TensorRuntime runtime,
      ParameterTable table,
      LanguagePlan language,
      Function<Parameter, Tensor> handle) {
    return new ProgramLists(
        runtime.list(handles(table.stem(), handle)),
        runtime.list(handles(table.blocks(), handle)),
        runtime.list(handles(table.projector(), handle)),
        runtime.list(handles(table.heads(), handle)),
        runtime.list(withGaps(runtime, language, handles(table.words(), handle))));
  }

  private static List<Tensor> handles(List<Parameter> of, Function<Parameter, Tensor> handle) {
    return of.stream().map(handle).toList();
  }

  /** The tables of angles behind the head, and nothing where a Llama has no biases. */
  private static List<Tensor> withGaps(
      TensorRuntime runtime, LanguagePlan language, List<Tensor> words) {
    List<Tensor> list = new ArrayList<>(words.subList(0, 3));
    for (float[] angles : ModelWriter.rotations(language)) {
      list.add(runtime.floats(angles, language.context(), language.headSize() / 2));
    }
    for (int at = 3; at < words.size(); at += 9) {
      list.add(words.get(at));
      for (int i = 1; i <= 3; i++) {
        list.add(words.get(at + i));
        list.add(runtime.floats(new float[0], 0));
      }
      list.addAll(words.subList(at + 4, at + 9));
    }
    return list;
  }

  @Override
  public void close() {
    stem.close();
    blocks.close();
    projector.close();
    heads.close();
    words.close();
  }
}
