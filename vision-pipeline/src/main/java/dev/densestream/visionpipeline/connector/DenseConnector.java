package dev.densestream.visionpipeline.connector;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.List;

/** Joins what a tower gave. */
public final class DenseConnector implements AutoCloseable {
  private final TensorRuntime runtime;
  private final ConnectorKind kind;
  private final TensorProgram program;

  public DenseConnector(TensorRuntime runtime, ConnectorKind kind) {
    this.runtime = runtime;
    this.kind = kind;
    this.program = runtime.compile(DenseConnector.class, "DenseConnector.torch");
  }

  /**
   * {@code [B, N, connector width]}; the caller closes it.
   *
   * @param kept base and groups, {@code [B, P, C]} each, taken over
   */
  public Tensor join(List<Tensor> kept) {
    String method = kind == ConnectorKind.STI ? "along_tokens" : "along_channels";
    try (TensorList states = runtime.list(kept)) {
      return program.call(method, states);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
