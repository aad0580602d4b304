package dev.densestream.benchmarks.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * The vision tower inside a checkpoint.
 *
 * @param name as {@code mm_vision_tower} has it
 * @param patches of one image
 * @param layers stored: SigLIP's last one is left out, as in published checkpoints
 */
record TowerShape(String name, int width, int inner, int layers, int patch, int patches) {
  private static final String PREFIX = "model.vision_tower.vision_tower.vision_model.";

  static final TowerShape CLIP =
      new TowerShape("openai/clip-vit-large-patch14-336", 1024, 4096, 24, 14, 24 * 24);
  static final TowerShape SIGLIP =
      new TowerShape("google/siglip-so400m-patch14-384", 1152, 4304, 26, 14, 27 * 27);

  static TowerShape named(String shape) {
    return switch (shape) {
      case "clip-l-336" -> CLIP;
      case "siglip-so400m-384" -> SIGLIP;
      default -> throw new IllegalArgumentException("no such vision tower: " + shape);
    };
  }

  private boolean isClip() {
    return equals(CLIP);
  }

  List<RandomTensor> tensors() {
    String start = PREFIX + "embeddings.";
    List<RandomTensor> all = new ArrayList<>();
    all.add(RandomTensor.matrix(start + "patch_embedding.weight", width, 3, patch, patch));
    if (isClip()) {
      all.add(RandomTensor.matrix(start + "class_embedding", width));
      all.addAll(RandomTensor.norm(PREFIX + "pre_layrnorm", width)); // spelled so everywhere
    } else {
      all.add(RandomTensor.zeros(start + "patch_embedding.bias", width));
    }
    int tokens = isClip() ? patches + 1 : patches;
    all.add(RandomTensor.matrix(start + "position_embedding.weight", tokens, width));
    for (int layer = 0; layer < layers; layer++) {
      all.addAll(layer(PREFIX + "encoder.layers." + layer + "."));
    }
    all.addAll(RandomTensor.norm(PREFIX + "post_layernorm", width));
    return all;
  }

  private List<RandomTensor> layer(String prefix) {
    List<RandomTensor> all = new ArrayList<>(RandomTensor.norm(prefix + "layer_norm1", width));
    for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
      all.addAll(RandomTensor.linear(prefix + "self_attn." + name, width, width));
    }
    all.addAll(RandomTensor.norm(prefix + "layer_norm2", width));
    all.addAll(RandomTensor.linear(prefix + "mlp.fc1", inner, width));
    all.addAll(RandomTensor.linear(prefix + "mlp.fc2", width, inner));
    return all;
  }
}
