package dev.densestream.visionpipeline.encoder;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.WeightList;
import dev.densestream.visionpipeline.Weights;
import java.util.List;
import java.util.function.Supplier;

/** A loaded tower: its program, and the weights of the blocks that are run. */
public final class VisionTower implements AutoCloseable {
  private final TowerConfig config;
  private final TensorProgram program;
  private final TensorList stem;
  private final TensorList blocks;
  private final boolean keeping;

  private VisionTower(TowerConfig config, TensorList stem, TowerBlocks rest) {
    this.config = config;
    this.program = rest.program();
    this.stem = stem;
    this.blocks = rest.tensors();
    this.keeping = rest.keeping();
  }

  /**
   * @param weights with keys below {@code vision_model.}
   * @param blocks how many are run
   */
  @SuppressWarnings("MissingSummary") // the class says it
  public static VisionTower load(
      TensorRuntime runtime, Weights weights, TowerConfig config, Precision precision, int blocks) {
    if (blocks > config.layers()) {
      throw new CheckpointException(
          "vision tower: the connector needs hidden state "
              + blocks
              + ", but num_hidden_layers is "
              + config.layers());
    }
    return load(
        runtime,
        weights,
        config,
        precision,
        () -> TowerBlocks.load(runtime, weights, config, precision, blocks));
  }

  static VisionTower load(
      TensorRuntime runtime,
      Weights weights,
      TowerConfig config,
      Precision precision,
      Supplier<TowerBlocks> rest) {
    try (WeightList stem = new WeightList(runtime, weights, precision)) {
      addStem(stem, config);
      TowerBlocks blocks = rest.get();
      return new VisionTower(config, stem.finish(), blocks);
    }
  }

  private static void addStem(WeightList stem, TowerConfig config) {
    String prefix = "vision_model.embeddings.";
    int width = config.width();
    boolean clip = config.family() == TowerFamily.CLIP;
    if (clip) {
      stem.add(prefix + "class_embedding", width);
    }
    stem.add(prefix + "patch_embedding.weight", width, 3, config.patch(), config.patch());
    if (!clip) {
      stem.add(prefix + "patch_embedding.bias", width);
    }
    int tokens = config.patches() + config.family().classTokens();
    stem.add(prefix + "position_embedding.weight", tokens, width);
    if (clip) {
      stem.norm("vision_model.pre_layrnorm", width); // spelled so in every checkpoint
    }
  }

  public TowerConfig config() {
    return config;
  }

  /**
   * The base and then the groups' means, each {@code [B, P, C]} in the weights' precision; the
   * caller closes them.
   *
   * @param pixels {@code [B, 3, S, S]} float32, borrowed
   */
  public List<Tensor> encode(Tensor pixels, StateSelection states) {
    try (Tensor embedded = embed(pixels)) {
      return program.callForAll(
          keeping && states.areApart() ? "encode_keeping" : "encode",
          embedded,
          blocks,
          config.heads(),
          config.eps(),
          config.activation().number(),
          states.base(),
          states.groupBounds(),
          states.keepsClass() ? 0 : config.family().classTokens());
    }
  }

  /** Every state of the loaded blocks, {@code [B, N, C]} float32 with the class token. */
  public List<Tensor> hiddenStates(Tensor pixels) {
    try (Tensor embedded = embed(pixels)) {
      return program.callForAll(
          "hidden_states",
          embedded,
          blocks,
          config.heads(),
          config.eps(),
          config.activation().number());
    }
  }

  private Tensor embed(Tensor pixels) {
    String method = config.family() == TowerFamily.CLIP ? "clip_embedding" : "siglip_embedding";
    return program.call(method, pixels, stem, config.eps());
  }

  @Override
  public void close() {
    program.close();
    stem.close();
    blocks.close();
  }
}
