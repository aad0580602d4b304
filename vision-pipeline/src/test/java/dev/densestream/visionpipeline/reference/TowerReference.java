package dev.densestream.visionpipeline.reference;

import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * CLIP's and SigLIP's vision transformer, from the papers' formulas.
 *
 * @param prefix of the weights' keys
 */
public record TowerReference(TowerConfig config, MadeWeights weights, String prefix) {
  private static final String EMBEDDINGS = "vision_model.embeddings.";

  public TowerReference(TowerConfig config, MadeWeights weights) {
    this(config, weights, "");
  }

  private double[] weight(String key) {
    return weights.of(prefix + key);
  }

  /** Hidden states of one image, class token and all; {@code pixels [3, S, S]}. */
  public List<Matrix> states(float[] pixels, int blocks) {
    List<Matrix> states = new ArrayList<>();
    states.add(embedded(pixels));
    for (int layer = 0; layer < blocks; layer++) {
      states.add(block(states.getLast(), "vision_model.encoder.layers." + layer + "."));
    }
    return states;
  }

  private Matrix embedded(float[] pixels) {
    int grid = config.side() / config.patch();
    int patch = config.patch();
    boolean clip = config.family() == TowerFamily.CLIP;
    Matrix cells = Matrix.zero(grid * grid, 3 * patch * patch);
    for (int cell = 0; cell < grid * grid; cell++) {
      for (int i = 0; i < 3 * patch * patch; i++) {
        int channel = i / (patch * patch);
        int y = cell / grid * patch + i / patch % patch;
        int x = cell % grid * patch + i % patch;
        cells.set(cell, i, pixels[(channel * config.side() + y) * config.side() + x]);
      }
    }
    double[] bias = clip ? new double[config.width()] : weight(EMBEDDINGS + "patch_embedding.bias");
    Matrix x = cells.linear(weight(EMBEDDINGS + "patch_embedding.weight"), bias);
    if (clip) {
      double[] cls = weight(EMBEDDINGS + "class_embedding");
      x = new Matrix(1, config.width(), cls).above(x);
    }
    double[] positions = weight(EMBEDDINGS + "position_embedding.weight");
    x = x.plus(new Matrix(x.rows(), x.columns(), positions));
    return clip ? norm(x, "vision_model.pre_layrnorm") : x;
  }

  private Matrix norm(Matrix x, String name) {
    return x.norm(weight(name + ".weight"), weight(name + ".bias"), config.eps());
  }

  private Matrix linear(Matrix x, String name) {
    return x.linear(weight(name + ".weight"), weight(name + ".bias"));
  }

  private Matrix block(Matrix x, String prefix) {
    Matrix attended = x.plus(attention(norm(x, prefix + "layer_norm1"), prefix + "self_attn."));
    Matrix up = linear(norm(attended, prefix + "layer_norm2"), prefix + "mlp.fc1");
    return attended.plus(linear(up.map(this::activation), prefix + "mlp.fc2"));
  }

  private Matrix attention(Matrix x, String prefix) {
    Matrix q = linear(x, prefix + "q_proj");
    Matrix k = linear(x, prefix + "k_proj");
    Matrix v = linear(x, prefix + "v_proj");
    Matrix mixed = Matrix.zero(x.rows(), x.columns());
    int size = config.width() / config.heads();
    for (int head = 0; head < config.heads(); head++) {
      for (int row = 0; row < x.rows(); row++) {
        double[] shares = new double[x.rows()];
        double sum = 0;
        for (int other = 0; other < x.rows(); other++) {
          double score = 0;
          for (int i = head * size; i < (head + 1) * size; i++) {
            score += q.at(row, i) * k.at(other, i);
          }
          shares[other] = Math.exp(score / Math.sqrt(size));
          sum += shares[other];
        }
        for (int i = head * size; i < (head + 1) * size; i++) {
          double value = 0;
          for (int other = 0; other < x.rows(); other++) {
            value += shares[other] / sum * v.at(other, i);
          }
          mixed.set(row, i, value);
        }
      }
    }
    return linear(mixed, prefix + "out_proj");
  }

  private double activation(double x) {
    return switch (config.activation()) {
      case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
      case TANH_GELU ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU -> gelu(x);
    };
  }

  /** Exactly. */
  public static double gelu(double x) {
    return 0.5 * x * (1 + Erf.of(x / Math.sqrt(2)));
  }
}
