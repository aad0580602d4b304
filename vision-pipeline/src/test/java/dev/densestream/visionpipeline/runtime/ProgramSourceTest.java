package dev.densestream.visionpipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.MemoryExhaustedException;
import dev.densestream.visionpipeline.TensorProgramException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramSourceTest {
  private static RuntimeException told(String report) {
    return new ProgramSource(List.of(new ProgramText("Some.torch", "", "")))
        .runError("step", new RuntimeException(report));
  }

  /** As the engine says it of a processor and of a GPU, the latter's libraries included. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes",
        "std::bad_alloc",
        "RuntimeError: CUDA out of memory. Tried to allocate 96.00 MiB.",
        "RuntimeError: CUDA error: out of memory",
        "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"
      })
  void knowsWhenThereIsNoMemory(String report) {
    assertThat(told(report)).isInstanceOf(MemoryExhaustedException.class);
  }

  /** The control. */
  @ParameterizedTest
  @ValueSource(strings = {"RuntimeError: shapes do not match", "RuntimeError: memory format"})
  void knowsOtherFailures(String report) {
    assertThat(told(report)).isInstanceOf(TensorProgramException.class);
  }
}
