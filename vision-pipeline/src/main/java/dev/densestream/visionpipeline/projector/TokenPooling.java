package dev.densestream.visionpipeline.projector;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;

/** Makes fewer tokens of many. */
public final class TokenPooling implements AutoCloseable {
  private final TensorProgram program;

  public TokenPooling(TensorRuntime runtime) {
    this.program = runtime.compile(TokenPooling.class, "TokenPooling.torch");
  }

  /**
   * Efficient Dense Connector: {@code [B, grid * grid, C]} float32, taken over, to {@code [B,
   * (grid/2) * (grid/2), C]}; the caller closes it.
   */
  public Tensor halveGrid(Tensor tokens, int grid) {
    try (tokens) {
      return program.call("halve_grid", tokens, grid);
    }
  }

  /**
   * The released code's pooling of video frames: {@code [B, N, C]} float32, taken over, to {@code
   * [B, N/2, C]}; the caller closes it.
   */
  public Tensor pairwiseMax(Tensor tokens) {
    try (tokens) {
      return program.call("pairwise_max", tokens);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
