package dev.densestream.visionpipeline.mining;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.WeightList;
import dev.densestream.visionpipeline.Weights;
import java.util.List;
import java.util.stream.LongStream;

/**
 * OpenCLIP's ConvNeXt as Mini-Gemini uses it: the maps of all stages at the first one's size, on
 * top of each other. Sizes follow from the weights.
 */
public final class ConvNextTower implements AutoCloseable {
  private static final int STAGES = 4;

  /** The widest of the family was made with another epsilon than the rest. */
  private static final int XXLARGE_WIDTH = 384;

  private final TensorProgram program;
  private final TensorList stem;
  private final TensorList downs;
  private final TensorList blocks;
  private final long[] depths;
  private final double eps;
  private final int channels;

  private ConvNextTower(
      TensorProgram program, List<TensorList> weights, long[] depths, double eps, int channels) {
    this.program = program;
    this.stem = weights.get(0);
    this.downs = weights.get(1);
    this.blocks = weights.get(2);
    this.depths = depths;
    this.eps = eps;
    this.channels = channels;
  }

  /**
   * Loads it.
   *
   * @param stem with keys {@code 0.weight} and so on
   * @param stages with keys {@code 0.blocks.0.gamma} and so on
   */
  public static ConvNextTower load(
      TensorRuntime runtime, Weights stem, Weights stages, Precision precision) {
    long[] depths = LongStream.range(0, STAGES).map(stage -> depth(stages, stage)).toArray();
    long[] widths = new long[STAGES];
    try (WeightList first = new WeightList(runtime, stem, precision);
        WeightList downs = new WeightList(runtime, stages, precision);
        WeightList blocks = new WeightList(runtime, stages, precision)) {
      widths[0] = width(runtime, stem, "0.bias");
      first.add("0.weight", widths[0], 3, -1, -1).add("0.bias", widths[0]).norm("1", widths[0]);
      for (int stage = 0; stage < STAGES; stage++) {
        if (stage > 0) {
          String down = stage + ".downsample.";
          widths[stage] = width(runtime, stages, down + "1.bias");
          downs.norm(down + "0", widths[stage - 1]);
          downs.add(down + "1.weight", widths[stage], widths[stage - 1], -1, -1);
          downs.add(down + "1.bias", widths[stage]);
        }
        for (int block = 0; block < depths[stage]; block++) {
          addBlock(blocks, stage + ".blocks." + block + ".", widths[stage]);
        }
      }
      return new ConvNextTower(
          runtime.compile(ConvNextTower.class, "ConvNextTower.torch"),
          List.of(first.finish(), downs.finish(), blocks.finish()),
          depths,
          widths[0] == XXLARGE_WIDTH ? 1e-5 : 1e-6,
          Math.toIntExact(LongStream.of(widths).sum()));
    }
  }

  private static long depth(Weights stages, long stage) {
    long depth = 0;
    while (stages.has(stage + ".blocks." + depth + ".gamma")) {
      depth++;
    }
    if (depth == 0) {
      throw new CheckpointException(
          "the high-resolution vision tower has no blocks in stage " + stage);
    }
    return depth;
  }

  private static long width(TensorRuntime runtime, Weights weights, String bias) {
    try (Tensor tensor = weights.tensor(runtime, bias, Precision.FP32, -1)) {
      return tensor.shape()[0];
    }
  }

  private static void addBlock(WeightList blocks, String block, long width) {
    blocks
        .add(block + "conv_dw.weight", width, 1, 7, 7)
        .add(block + "conv_dw.bias", width)
        .norm(block + "norm", width)
        .linear(block + "mlp.fc1", 4 * width, width)
        .linear(block + "mlp.fc2", width, 4 * width)
        .add(block + "gamma", width);
  }

  /** Of all stages together. */
  public int channels() {
    return channels;
  }

  /** Pixels {@code [B, 3, S, S]}, borrowed, to {@code [B, channels, S / 4, S / 4]}. */
  public Tensor features(Tensor pixels) {
    return program.call("features", pixels, stem, downs, blocks, depths, eps);
  }

  @Override
  public void close() {
    program.close();
    stem.close();
    downs.close();
    blocks.close();
  }
}
