package dev.densestream.visionpipeline.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * ConvNeXt's stages and Mini-Gemini's mining; a map is a matrix of cells, row by row, by channels.
 *
 * @param prefix of the keys of stem and stages
 * @param widths channels of each stage
 */
@SuppressWarnings("ArrayRecordComponent") // test arithmetic, never compared
public record ConvNextReference(MadeWeights weights, String prefix, int[] widths) {
  private static final double EPS = 1e-6;

  /** What tokens {@code low}, grid x grid of them, take from the map under them. */
  public Matrix mined(Matrix low, Matrix high, int grid) {
    int cells = (int) Math.round(Math.sqrt((double) high.rows()));
    int size = cells / grid;
    Matrix result = Matrix.zero(low.rows(), low.columns());
    for (int token = 0; token < low.rows(); token++) {
      Matrix near = Matrix.zero(size * size, high.columns());
      for (int i = 0; i < size * size; i++) {
        int row = (token / grid * size + i / size) * cells + token % grid * size + i % size;
        System.arraycopy(
            high.values(), row * high.columns(), near.values(), i * high.columns(), high.columns());
      }
      Matrix q = projected(low.rows(token, token + 1), "query");
      Matrix k = projected(near, "aux");
      Matrix v = projected(near, "val");
      double[] shares = new double[near.rows()];
      double sum = 0;
      for (int i = 0; i < shares.length; i++) {
        double score = 0;
        for (int c = 0; c < q.columns(); c++) {
          score += q.at(0, c) * k.at(i, c);
        }
        shares[i] = Math.exp(score / Math.sqrt(q.columns()));
        sum += shares[i];
      }
      for (int c = 0; c < v.columns(); c++) {
        double value = 0;
        for (int i = 0; i < shares.length; i++) {
          value += shares[i] / sum * v.at(i, c);
        }
        result.set(token, c, value);
      }
    }
    return result;
  }

  private Matrix projected(Matrix x, String which) {
    String name = "model.vlm_uni_" + which + "_projector.";
    return x.norm(weights.of(name + "0.weight"), weights.of(name + "0.bias"), 1e-5)
        .linear(weights.of(name + "1.weight"), weights.of(name + "1.bias"));
  }

  /** The map of {@code pixels [3, side, side]}, all stages beside each other. */
  public Matrix features(float[] pixels, int side) {
    Matrix x = Matrix.zero(side * side, 3);
    for (int i = 0; i < pixels.length; i++) {
      x.set(i % (side * side), i / (side * side), pixels[i]);
    }
    x = norm(strided(x, side, prefix + "vision_stem.0", 4), prefix + "vision_stem.1");
    int edge = side / 4;
    Matrix all = Matrix.zero(edge * edge, 0);
    for (int stage = 0; stage < widths.length; stage++) {
      String name = prefix + "vision_stages." + stage + ".";
      if (stage > 0) {
        x = strided(norm(x, name + "downsample.0"), edge, name + "downsample.1", 2);
        edge /= 2;
      }
      for (int block = 0; weights.has(name + "blocks." + block + ".gamma"); block++) {
        x = block(x, edge, name + "blocks." + block + ".");
      }
      all = all.beside(resized(x, edge, side / 4));
    }
    return all;
  }

  private Matrix norm(Matrix x, String name) {
    return x.norm(weights.of(name + ".weight"), weights.of(name + ".bias"), EPS);
  }

  /** A convolution whose stride is its size. */
  private Matrix strided(Matrix x, int edge, String name, int size) {
    int out = edge / size;
    Matrix cells = Matrix.zero(out * out, x.columns() * size * size);
    for (int cell = 0; cell < out * out; cell++) {
      for (int i = 0; i < cells.columns(); i++) {
        int row = cell / out * size + i / size % size;
        int column = cell % out * size + i % size;
        cells.set(cell, i, x.at(row * edge + column, i / (size * size)));
      }
    }
    return cells.linear(weights.of(name + ".weight"), weights.of(name + ".bias"));
  }

  private Matrix block(Matrix x, int edge, String name) {
    double[] kernel = weights.of(name + "conv_dw.weight");
    double[] bias = weights.of(name + "conv_dw.bias");
    Matrix mixed = Matrix.zero(x.rows(), x.columns());
    for (int cell = 0; cell < x.rows(); cell++) {
      for (int c = 0; c < x.columns(); c++) {
        double sum = bias[c];
        for (int i = 0; i < 49; i++) {
          int row = cell / edge + i / 7 - 3;
          int column = cell % edge + i % 7 - 3;
          if (row >= 0 && row < edge && column >= 0 && column < edge) {
            sum += kernel[c * 49 + i] * x.at(row * edge + column, c);
          }
        }
        mixed.set(cell, c, sum);
      }
    }
    Matrix up =
        norm(mixed, name + "norm")
            .linear(weights.of(name + "mlp.fc1.weight"), weights.of(name + "mlp.fc1.bias"))
            .map(TowerReference::gelu);
    Matrix down = up.linear(weights.of(name + "mlp.fc2.weight"), weights.of(name + "mlp.fc2.bias"));
    double[] gamma = weights.of(name + "gamma");
    Matrix result = Matrix.zero(x.rows(), x.columns());
    for (int i = 0; i < result.values().length; i++) {
      result.values()[i] = x.values()[i] + down.values()[i] * gamma[i % x.columns()];
    }
    return result;
  }

  /** A map of {@code edge x edge} cells, bilinearly. */
  public static Matrix resized(Matrix x, int edge, int to) {
    Matrix result = Matrix.zero(to * to, x.columns());
    for (int c = 0; c < x.columns(); c++) {
      float[] plane = new float[edge * edge];
      for (int i = 0; i < plane.length; i++) {
        plane[i] = (float) x.at(i, c);
      }
      float[] large = resized(plane, 1, edge, to);
      for (int i = 0; i < large.length; i++) {
        result.set(i, c, large[i]);
      }
    }
    return result;
  }

  /** Bilinear with half-pixel centres and no antialiasing, {@code [planes, side, side]}. */
  public static float[] resized(float[] values, int planes, int side, int to) {
    List<double[]> axis = new ArrayList<>();
    for (int out = 0; out < to; out++) {
      double at = Math.max(0, (out + 0.5) * side / to - 0.5);
      int first = Math.min((int) at, side - 1);
      axis.add(new double[] {first, Math.min(first + 1, side - 1), at - first});
    }
    float[] result = new float[planes * to * to];
    for (int i = 0; i < result.length; i++) {
      double[] x = axis.get(i % to);
      double[] y = axis.get(i / to % to);
      int plane = i / (to * to) * side * side;
      double top = mix(values, plane + ((int) y[0]) * side, x);
      double bottom = mix(values, plane + ((int) y[1]) * side, x);
      result[i] = (float) (top + (bottom - top) * y[2]);
    }
    return result;
  }

  private static double mix(float[] values, int row, double[] x) {
    double left = values[row + (int) x[0]];
    return left + (values[row + (int) x[1]] - left) * x[2];
  }
}
