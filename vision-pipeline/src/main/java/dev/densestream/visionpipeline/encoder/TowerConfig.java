package dev.densestream.visionpipeline.encoder;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.util.Locale;

/**
 * A tower's sizes.
 *
 * @param layers blocks stored; how many are run follows from the states that are needed
 * @param side pixels of the square input
 */
public record TowerConfig(
    TowerFamily family,
    int width,
    int mlpWidth,
    int heads,
    int layers,
    int side,
    int patch,
    double eps,
    Activation activation) {

  /** Inside the MLP. */
  public enum Activation {
    QUICK_GELU(0),
    TANH_GELU(1),
    GELU(2);

    private final int number;

    Activation(int number) {
      this.number = number;
    }

    /** What the program knows it by. */
    int number() {
      return number;
    }
  }

  public static final TowerConfig CLIP_L_336 =
      new TowerConfig(TowerFamily.CLIP, 1024, 4096, 16, 24, 336, 14, 1e-5, Activation.QUICK_GELU);

  public static final TowerConfig SIGLIP_SO400M_384 =
      new TowerConfig(TowerFamily.SIGLIP, 1152, 4304, 16, 27, 384, 14, 1e-6, Activation.TANH_GELU);

  public TowerConfig {
    if (width % heads != 0) {
      throw new CheckpointException(
          "vision tower: hidden_size must be a multiple of num_attention_heads: was "
              + width
              + " for "
              + heads);
    }
  }

  /**
   * From the two-tower config of a dual-encoder checkpoint.
   *
   * @param family what the model's name for the tower says it is
   */
  public static TowerConfig read(ModelConfig config, TowerFamily family) {
    ModelConfig vision = config.has("vision_config") ? config.section("vision_config") : config;
    boolean clip = family == TowerFamily.CLIP;
    return new TowerConfig(
        family,
        vision.positive("hidden_size"),
        vision.positive("intermediate_size"),
        vision.positive("num_attention_heads"),
        vision.positive("num_hidden_layers"),
        vision.positive("image_size"),
        vision.positive("patch_size"),
        vision.number("layer_norm_eps", clip ? 1e-5 : 1e-6),
        activation(vision.string("hidden_act", clip ? "quick_gelu" : "gelu_pytorch_tanh")));
  }

  private static Activation activation(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "quick_gelu" -> Activation.QUICK_GELU;
      case "gelu_pytorch_tanh", "gelu_new" -> Activation.TANH_GELU;
      case "gelu" -> Activation.GELU;
      default ->
          throw new CheckpointException("vision tower: hidden_act " + name + " is not supported");
    };
  }

  /** Patches along one side of the input. */
  public int grid() {
    return side / patch;
  }

  /** Patches, without a class token. */
  public int patches() {
    return grid() * grid();
  }

  /** Tokens, with the class token where there is one. */
  public int tokens() {
    return patches() + family.classTokens();
  }

  /** Multiplications and additions in the matrix products of one image's first {@code blocks}. */
  public double flops(int blocks) {
    double tokens = patches() + family.classTokens();
    double projections = 4.0 * width * width + 2.0 * width * mlpWidth;
    double attention = 2.0 * tokens * width;
    double embedding = 3.0 * patch * patch * width * patches();
    return 2 * (blocks * tokens * (projections + attention) + embedding);
  }
}
