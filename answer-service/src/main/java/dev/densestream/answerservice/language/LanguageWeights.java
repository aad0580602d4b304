package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.ProgramValue;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Where a model's weights come from, and what they become. */
record LanguageWeights(
    TensorRuntime runtime,
    TensorProgram program,
    LanguageConfig config,
    Weights source,
    Precision precision,
    EightBitKernel kernel) {
  /** Layers made at the same time: each holds copies of its weights until it is packed. */
  private static final int MOST_AT_ONCE = 4;

  /**
   * All of them.
   *
   * @param tensors in the order that LanguageModel.torch documents
   * @param packed those packed for FBGEMM, in their order
   */
  record Collected(TensorList tensors, ProgramValue packed) {}

  /** The caller closes both; on failure nothing is left. */
  Collected collect() {
    List<LayerWeights> parts = parts();
    ProgramValue packed = program.keep("new_packed");
    try {
      for (LayerWeights part : parts) {
        program.call("take", packed, part.packed()).close();
      }
      List<Tensor> tensors = parts.stream().flatMap(part -> part.tensors().stream()).toList();
      TensorList list = runtime.list(tensors);
      parts.forEach(part -> part.packed().close());
      return new Collected(list, packed);
    } catch (RuntimeException e) {
      packed.close();
      parts.forEach(LayerWeights::close);
      throw e;
    }
  }

  /** What is around the layers, and each layer. */
  private List<LayerWeights> parts() {
    List<Supplier<LayerWeights>> makers = new ArrayList<>();
    makers.add(() -> LayerWeights.around(this));
    for (int i = 0; i < config.shape().layers(); i++) {
      int layer = i;
      makers.add(() -> LayerWeights.layer(this, layer));
    }
    // One thread packs a matrix, and that is most of what loading in 8 bits takes.
    int threads = precision == Precision.INT8 ? Math.min(MOST_AT_ONCE, runtime.threads()) : 1;
    return SideBySide.make(makers, threads);
  }
}
