package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.ProgramValue;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a model's weights come from, and what they become. */
record LanguageWeights(
    TensorRuntime runtime,
    TensorProgram program,
    LanguageConfig config,
    Weights source,
    Precision precision,
    Kernels kernels) {
  /** Layers made at the same time: each holds copies of its weights until it is packed. */
  private static final int MOST_AT_ONCE = 4;

  /**
   * All of them.
   *
   * @param tensors in the order that LanguageModel.torch documents
   * @param memory of each tensor, as long as the list is open
   * @param packed those packed for FBGEMM, in their order
   * @param fourBits linear layers in 4 bits, in that order too; empty with another precision
   */
  record Collected(
      TensorList tensors,
      List<Optional<MemorySegment>> memory,
      ProgramValue packed,
      List<Tensor> fourBits)
      implements AutoCloseable {
    @Override
    public void close() {
      fourBits.forEach(Tensor::close);
      packed.close();
      tensors.close();
    }
  }

  /** The caller closes it; on failure nothing is left. */
  Collected collect() {
    List<LayerWeights> parts = new ArrayList<>();
    ProgramValue packed = program.keep("new_packed");
    try {
      parts.add(LayerWeights.around(this));
      for (int layer = 0; layer < config.shape().layers(); layer++) {
        parts.add(LayerWeights.layer(this, layer));
      }
      collectAll(parts);
      for (LayerWeights part : parts) {
        program.call("take", packed, part.packed()).close();
      }
      List<Tensor> all = parts.stream().flatMap(part -> part.tensors().stream()).toList();
      List<Optional<MemorySegment>> memory = all.stream().map(Tensor::memory).toList();
      TensorList tensors = runtime.list(all);
      parts.forEach(part -> part.packed().close());
      List<Tensor> fourBits = parts.stream().flatMap(part -> part.fourBits().stream()).toList();
      return new Collected(tensors, memory, packed, fourBits);
    } catch (RuntimeException | Error e) {
      packed.close();
      parts.forEach(LayerWeights::close);
      throw e;
    }
  }

  /**
   * FBGEMM packs a matrix on one thread, which is most of what loading takes, so several layers at
   * once are packed. Nothing is being read any more when this ends, in whatever way.
   */
  private void collectAll(List<LayerWeights> parts) {
    boolean packs = precision.wholeNumbers() && kernels.eightBits() == EightBitKernel.FBGEMM;
    int threads = packs ? Math.min(MOST_AT_ONCE, runtime.threads()) : 1;
    if (threads == 1) {
      parts.forEach(LayerWeights::collect);
      return;
    }
    try (ExecutorService executor =
        new ThreadPoolExecutor(
            threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(parts.size()))) {
      List<? extends Future<?>> all =
          parts.stream().map(part -> executor.submit(part::collect)).toList();
      try {
        for (Future<?> one : all) {
          one.get();
        }
      } catch (ExecutionException e) {
        executor.shutdownNow();
        throw failure(e.getCause());
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while weights were read", e);
      }
    }
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException refused -> refused;
      case Error error -> throw error;
      case null, default -> new IllegalStateException("weights could not be read", cause);
    };
  }
}
