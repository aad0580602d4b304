package dev.densestream.visionpipeline.encoder;

import dev.densestream.visionpipeline.CpuFeatures;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorProgramException;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.WeightList;
import dev.densestream.visionpipeline.Weights;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tower's blocks, and the program that runs them: with weights laid out for a GPU, or for the
 * processor's bfloat16 or 8-bit kernels where it has such, as stored otherwise.
 *
 * @param keeping whether the program keeps a group's states rather than adding them up
 */
record TowerBlocks(TensorProgram program, TensorList tensors, boolean keeping) {
  private static final Logger log = LoggerFactory.getLogger(TowerBlocks.class);
  private static final String TOWER = "VisionTower.torch";
  private static final String BFLOAT16 = "PackedBlocks.torch";
  private static final String EIGHT_BIT = "EightBitBlocks.torch";
  private static final String ATTENTION = "ImageAttention.torch";
  private static final String GPU = "JoinedBlocks.torch";

  static TowerBlocks load(
      TensorRuntime runtime, Weights weights, TowerConfig config, Precision precision, int blocks) {
    if (blocks == 0) {
      return plain(runtime, weights, config, precision, blocks);
    }
    if (runtime.onGpu() && precision != Precision.FP32) {
      return laidForGpu(runtime, weights, config, precision, blocks);
    }
    for (String layout : layouts(precision)) {
      try {
        return packed(runtime, weights, config, precision, List.of(layout, ATTENTION), blocks);
      } catch (TensorProgramException e) {
        // A processor without these kernels: known at the first block.
        log.info("the vision tower runs without {}: {}", layout, e.getMessage());
      }
    }
    return plain(runtime, weights, config, precision, blocks);
  }

  /** Runs on a processor too. */
  static TowerBlocks laidForGpu(
      TensorRuntime runtime, Weights weights, TowerConfig config, Precision precision, int blocks) {
    return packed(runtime, weights, config, precision, List.of(GPU), blocks);
  }

  /** Programs to try in turn before the plain one. */
  private static List<String> layouts(Precision precision) {
    return switch (precision) {
      case FP32, FP16 -> List.of();
      case BF16 -> List.of(BFLOAT16);
      // Without VNNI the kernels add up two products in 16 bits, where they overflow.
      case INT8, INT4 ->
          CpuFeatures.ofThisMachine().avx512Vnni()
              ? List.of(EIGHT_BIT, BFLOAT16)
              : List.of(BFLOAT16);
    };
  }

  private static TowerBlocks plain(
      TensorRuntime runtime, Weights weights, TowerConfig config, Precision precision, int blocks) {
    try (WeightList all = new WeightList(runtime, weights, precision)) {
      for (int layer = 0; layer < blocks; layer++) {
        addBlock(all, config, layer);
      }
      TensorProgram program = runtime.compile(VisionTower.class, TOWER, "PlainBlocks.torch");
      return new TowerBlocks(program, all.finish(), false);
    }
  }

  private static TowerBlocks packed(
      TensorRuntime runtime,
      Weights weights,
      TowerConfig config,
      Precision precision,
      List<String> layout,
      int blocks) {
    TensorProgram program =
        runtime.compile(VisionTower.class, TOWER, layout.toArray(String[]::new));
    List<Tensor> all = new ArrayList<>();
    try (Tensor like = runtime.reserve(precision, 1)) {
      for (int layer = 0; layer < blocks; layer++) {
        try (WeightList block = new WeightList(runtime, weights, Precision.FP32)) {
          addBlock(block, config, layer);
          all.addAll(packed(program, config, block.finish(), like));
        }
      }
      return new TowerBlocks(program, runtime.list(all), layout.contains(GPU));
    } catch (RuntimeException e) {
      all.forEach(Tensor::close);
      program.close();
      throw e;
    }
  }

  private static List<Tensor> packed(
      TensorProgram program, TowerConfig config, TensorList block, Tensor like) {
    try (block) {
      int activation = config.activation().number();
      return program.callForAll("packed", block, config.heads(), activation, like);
    }
  }

  private static void addBlock(WeightList block, TowerConfig config, int layer) {
    String prefix = "vision_model.encoder.layers." + layer + ".";
    int width = config.width();
    block.norm(prefix + "layer_norm1", width);
    for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
      block.linear(prefix + "self_attn." + name, width, width);
    }
    block
        .norm(prefix + "layer_norm2", width)
        .linear(prefix + "mlp.fc1", config.mlpWidth(), width)
        .linear(prefix + "mlp.fc2", width, config.mlpWidth());
  }
}
