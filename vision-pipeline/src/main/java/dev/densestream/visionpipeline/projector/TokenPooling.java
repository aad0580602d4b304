package dev.densestream.visionpipeline.projector;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.TokenReduction;

/** Makes fewer tokens of many. */
public final class TokenPooling implements AutoCloseable {
  private final TensorProgram program;
  private final TokenReduction reduction;
  private final int grid;

  /**
   * @param grid tokens along one side, where there is a grid
   */
  @SuppressWarnings("MissingSummary") // the class says it
  public TokenPooling(TensorRuntime runtime, TokenReduction reduction, int grid) {
    this.program = runtime.compile(TokenPooling.class, "TokenPooling.torch");
    this.reduction = reduction;
    this.grid = grid;
  }

  /** {@code [B, N, C]} float32, taken over, to fewer; the caller closes it. */
  public Tensor pool(Tensor tokens) {
    if (reduction == TokenReduction.NONE) {
      return tokens;
    }
    try (tokens) {
      return reduction == TokenReduction.EFFICIENT
          ? program.call("halve_grid", tokens, grid)
          : program.call("pairwise_max", tokens);
    }
  }

  /** Tokens that remain of {@code tokens}. */
  public int remaining(int tokens) {
    return switch (reduction) {
      case NONE -> tokens;
      case EFFICIENT -> (grid / 2) * (grid / 2);
      case PAIRWISE_MAX -> tokens / 2;
    };
  }

  @Override
  public void close() {
    program.close();
  }
}
