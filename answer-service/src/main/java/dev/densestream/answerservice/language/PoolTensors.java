package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorRuntime;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of all layers, not yet numbers, as LanguageModel.torch has its pool.
 *
 * @param memory of each tensor, or nothing where one is out of this process's reach
 */
record PoolTensors(TensorList tensors, List<MemorySegment> memory) {
  /** The caller closes the tensors. */
  static PoolTensors reserve(LanguageModel model, long places) {
    LanguageShape shape = model.config().shape();
    return model.kernels().onGpu()
        ? joined(model, parts(model, shape.layers(), places, 2L * shape.keyValueHeads()))
        : apart(model, parts(model, 2 * shape.layers(), 1, shape.keyValueHeads(), places));
  }

  private static List<Tensor> parts(LanguageModel model, int count, long... sizes) {
    long[] all = new long[sizes.length + 1];
    System.arraycopy(sizes, 0, all, 0, sizes.length);
    all[sizes.length] = model.config().shape().headSize();
    List<Tensor> parts = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        parts.add(model.runtime().reserve(model.precision(), all));
      }
      return parts;
    } catch (RuntimeException e) {
      parts.forEach(Tensor::close);
      throw e;
    }
  }

  private static PoolTensors apart(LanguageModel model, List<Tensor> parts) {
    List<MemorySegment> memory = parts.stream().flatMap(part -> part.memory().stream()).toList();
    boolean all = memory.size() == parts.size();
    return new PoolTensors(model.runtime().list(parts), all ? memory : List.of());
  }

  /** Keys and values of a layer side by side, so that one operation writes both, and views. */
  private static PoolTensors joined(LanguageModel model, List<Tensor> parts) {
    TensorRuntime runtime = model.runtime();
    try (TensorList both = runtime.list(parts)) {
      return new PoolTensors(
          runtime.list(model.program().callForAll("pool_views", both)), List.of());
    }
  }
}
