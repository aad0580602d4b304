package dev.densestream.visionpipeline.mining;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.WeightList;
import dev.densestream.visionpipeline.Weights;

/** Patch info mining: low-resolution tokens ask the high-resolution cells under them. */
public final class PatchMining implements AutoCloseable {
  private static final double EPS = 1e-5;

  private final TensorProgram program;
  private final TensorList weights;

  private PatchMining(TensorProgram program, TensorList weights) {
    this.program = program;
    this.weights = weights;
  }

  /**
   * Loads it.
   *
   * @param weights with keys below {@code vlm_uni_query_projector.} and its like
   * @param low channels of the tokens
   * @param high channels of the cells
   */
  public static PatchMining load(
      TensorRuntime runtime, Weights weights, Precision precision, int low, int high) {
    try (WeightList list = new WeightList(runtime, weights, precision)) {
      add(list, "vlm_uni_query_projector.", low, low);
      add(list, "vlm_uni_aux_projector.", high, low);
      add(list, "vlm_uni_val_projector.", high, low);
      return new PatchMining(
          runtime.compile(PatchMining.class, "PatchMining.torch"), list.finish());
    }
  }

  private static void add(WeightList list, String name, int in, int out) {
    list.norm(name + "0", in).linear(name + "1", out, in);
  }

  /**
   * What the tokens find, {@code [B, N, C]}; the caller closes it.
   *
   * @param low {@code [B, N, C]}, borrowed; N a square number
   * @param high {@code [B, F, h, h]}, borrowed
   */
  public Tensor mined(Tensor low, Tensor high) {
    int side = (int) Math.round(Math.sqrt((double) low.shape()[1]));
    return program.call("mined", low, high, weights, side, EPS);
  }

  /** The tokens with what they found added; both borrowed. */
  public Tensor add(Tensor low, Tensor found) {
    return program.call("add", low, found);
  }

  /** Pixels {@code [1, 3, S, S]}, borrowed, resampled to {@code [views, 3, s, s]}. */
  Tensor shrunk(Tensor pixels, LowViews views) {
    return program.call("shrunk", pixels, views.lowSide(), views.grid(), views.overview());
  }

  /**
   * What lies under each view of a map {@code [1, F, h, h]}, borrowed: {@code [views, F, p, p]}.
   */
  Tensor parts(Tensor high, LowViews views) {
    return program.call("parts", high, views.grid(), views.overview());
  }

  /** {@code [V, N, C]}, borrowed, to {@code [1, V N, C]}. */
  Tensor inOneRow(Tensor tokens) {
    return program.call("in_one_row", tokens);
  }

  @Override
  public void close() {
    program.close();
    weights.close();
  }
}
