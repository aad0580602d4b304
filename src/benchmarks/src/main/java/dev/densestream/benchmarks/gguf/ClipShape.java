package dev.densestream.benchmarks.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a CLIP vision tower with LLaVA's two-layer projector.
 *
 * @param side of the square image, in pixels
 * @param patch side of a patch, in pixels
 * @param layers stored; llama.cpp's LLaVA graph runs all but the last
 * @param inner width inside the feed-forward block
 * @param projected width of a visual token
 */
public record ClipShape(
    int side, int patch, int width, int layers, int heads, int inner, int projected) {
  private static final String VISION = "clip.vision.";

  /** CLIP ViT-L/14 at 336 pixels, projected to {@code llama-1.1b}'s width. */
  public static final ClipShape CLIP_L_336 = new ClipShape(336, 14, 1024, 24, 16, 4096, 2048);

  public ClipShape {
    if (side % patch != 0 || width % heads != 0) {
      throw new IllegalArgumentException("not a shape of a vision tower");
    }
  }

  /** The model with matrices of one type; vectors are 32-bit always. */
  public GgufModel model(GgufType type) {
    return new GgufModel(metadata(type), tensors(type));
  }

  private Map<String, GgufValue> metadata(GgufType type) {
    Map<String, GgufValue> all = new LinkedHashMap<>();
    all.put("general.architecture", new GgufValue.Text("clip"));
    all.put("general.type", new GgufValue.Text("mmproj"));
    all.put("general.name", new GgufValue.Text("CLIP, random weights"));
    all.put("general.file_type", new GgufValue.Whole(type.fileCode()));
    all.put("clip.has_vision_encoder", new GgufValue.Truth(true));
    all.put("clip.projector_type", new GgufValue.Text("mlp"));
    all.put("clip.use_gelu", new GgufValue.Truth(false));
    all.put(VISION + "image_size", new GgufValue.Whole(side));
    all.put(VISION + "patch_size", new GgufValue.Whole(patch));
    all.put(VISION + "embedding_length", new GgufValue.Whole(width));
    all.put(VISION + "feed_forward_length", new GgufValue.Whole(inner));
    all.put(VISION + "projection_dim", new GgufValue.Whole(projected));
    all.put(VISION + "block_count", new GgufValue.Whole(layers));
    all.put(VISION + "attention.head_count", new GgufValue.Whole(heads));
    all.put(VISION + "attention.layer_norm_epsilon", new GgufValue.Real(1e-5f));
    all.put(VISION + "image_mean", new GgufValue.Reals(List.of(0.5f, 0.5f, 0.5f)));
    all.put(VISION + "image_std", new GgufValue.Reals(List.of(0.25f, 0.25f, 0.25f)));
    return all;
  }

  private List<GgufTensor> tensors(GgufType type) {
    int positions = side / patch * (side / patch) + 1;
    // The patches are a convolution, whose kernel llama.cpp takes as 16-bit floats or wider.
    GgufType kernel = type == GgufType.F32 ? GgufType.F32 : GgufType.F16;
    List<GgufTensor> all = new ArrayList<>();
    all.add(GgufTensor.weights("v.class_embd", GgufType.F32, width));
    all.add(GgufTensor.weights("v.patch_embd.weight", kernel, patch, patch, 3, width));
    all.add(GgufTensor.weights("v.position_embd.weight", GgufType.F32, width, positions));
    all.addAll(norm("v.pre_ln"));
    for (int i = 0; i < layers; i++) {
      all.addAll(layer(type, "v.blk." + i + "."));
    }
    all.addAll(linear("mm.0", type, width, projected));
    all.addAll(linear("mm.2", type, projected, projected));
    return all;
  }

  private List<GgufTensor> layer(GgufType type, String prefix) {
    List<GgufTensor> all = new ArrayList<>(norm(prefix + "ln1"));
    for (String matrix : List.of("attn_q", "attn_k", "attn_v", "attn_out")) {
      all.addAll(linear(prefix + matrix, type, width, width));
    }
    all.addAll(norm(prefix + "ln2"));
    all.addAll(linear(prefix + "ffn_up", type, width, inner));
    all.addAll(linear(prefix + "ffn_down", type, inner, width));
    return all;
  }

  private List<GgufTensor> norm(String name) {
    return List.of(
        GgufTensor.ones(name + ".weight", width), GgufTensor.zeros(name + ".bias", width));
  }

  private static List<GgufTensor> linear(String name, GgufType type, int inputs, int outputs) {
    return List.of(
        GgufTensor.weights(name + ".weight", type, inputs, outputs),
        GgufTensor.zeros(name + ".bias", outputs));
  }
}
