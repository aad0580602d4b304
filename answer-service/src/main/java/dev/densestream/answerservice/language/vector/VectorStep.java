package dev.densestream.answerservice.language.vector;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.language.vector.VectorWeights.Layer;
import dev.densestream.answerservice.language.vector.VectorWeights.Linear;
import dev.densestream.answerservice.language.vector.VectorWeights.Norm;
import dev.densestream.visionpipeline.Precision;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A step of few rows. What a row becomes does not depend on the rows beside it, to the last bit.
 * For one thread at a time; the caller closes it.
 */
public final class VectorStep implements AutoCloseable {
  /** Rows of one step: of more, the tensor engine is faster. */
  public static final int MOST_ROWS = 8;

  /** Rows of a weight that one thread takes at a time: some ten to a hundred microseconds' work. */
  private static final int PIECE = 2 * FourBitMatrix.ROWS;

  private final VectorShape shape;
  private final VectorWeights weights;
  private final StoredRows stored;
  private final VectorAttention attention;
  private final Crew crew;

  private final float[] x;
  private final float[] normed;
  private final Inputs inputs;
  private final float[] joined;
  private final float[] cosines;
  private final float[] sines;
  private final float[] mixed;
  private final float[] inner;
  private final float[] logits;

  VectorStep(VectorShape shape, VectorWeights weights, int threads) {
    this.shape = shape;
    this.weights = weights;
    this.stored = weights.stored();
    this.attention = new VectorAttention(shape, stored);
    int widest = Math.max(shape.width(), shape.feedForward());
    x = new float[MOST_ROWS * shape.width()];
    normed = new float[MOST_ROWS * shape.width()];
    inputs =
        weights.inFourBits()
            ? Inputs.inGroups(MOST_ROWS, widest)
            : Inputs.arranged(stored, MOST_ROWS, widest);
    joined = new float[MOST_ROWS * shape.joined()];
    cosines = new float[MOST_ROWS * shape.frequencies().length];
    sines = new float[cosines.length];
    mixed = new float[MOST_ROWS * shape.width()];
    inner = new float[MOST_ROWS * 2 * shape.feedForward()];
    logits = new float[MOST_ROWS * shape.shown()];
    crew = new Crew(threads);
  }

  /**
   * Over weights in memory.
   *
   * @param precision of weights, keys and values; with 4 bits only linear layers have them
   * @param memory of each tensor of LanguageModel.torch's list of weights; empty for an absent one.
   *     Whoever owns it keeps it until this is closed
   * @param fourBits memory of linear layers in 4 bits, in the order of that text; else empty
   * @param threads that share a step
   */
  public static VectorStep of(
      VectorShape shape,
      Precision precision,
      IntFunction<MemorySegment> memory,
      List<MemorySegment> fourBits,
      int threads) {
    VectorWeights weights = VectorWeights.of(shape, StoredRows.of(precision), memory, fourBits);
    return new VectorStep(shape, weights, threads);
  }

  /**
   * Runs the rows, and keeps their keys and values.
   *
   * @param rows at most {@link #MOST_ROWS}
   * @param pool keys and values of each layer in turn, {@code [Hkv, places, D]}
   * @return logits, V for each row that is the last of its stretch, in the order of the rows
   */
  public float[][] run(List<Row> rows, List<MemorySegment> pool, int places) {
    int count = rows.size();
    for (int row = 0; row < count; row++) {
      embed(rows.get(row).id(), row * shape.width());
      angles(row, rows.get(row).position());
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      Layer of = weights.layers().get(layer);
      RowMatrix keys = attention.rows(pool.get(2 * layer), places);
      RowMatrix values = attention.rows(pool.get(2 * layer + 1), places);
      norm(of.first(), count);
      take(normed, shape.width(), shape.width(), count);
      multiply(of.attention(), count, joined, shape.joined());
      for (int row = 0; row < count; row++) {
        turn(row);
        keep(row, rows.get(row).place(), keys, values);
      }
      look(rows, keys, values);
      take(mixed, shape.width(), shape.width(), count);
      multiply(List.of(of.out()), count, mixed, shape.width());
      add(x, mixed, count * shape.width());
      if (of.second() != null) {
        norm(requireNonNull(of.second()), count);
      }
      take(normed, shape.width(), shape.width(), count);
      feedForward(of, count);
    }
    return told(rows);
  }

  private void embed(int id, int at) {
    for (int i = 0; i < shape.width(); i++) {
      x[at + i] = stored.get(weights.embedding(), (long) id * shape.width() + i);
    }
  }

  private void norm(Norm by, int count) {
    int width = shape.width();
    for (int row = 0; row < count; row++) {
      int at = row * width;
      if (shape.rmsNorm()) {
        // The weight holds the square root of C.
        double squares = Curves.dot(x, at, x, at, width) + width * shape.normEpsilon();
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < width; i++) {
          normed[at + i] = x[at + i] * scale * by.weight()[i];
        }
      } else {
        layerNorm(by, at);
      }
    }
  }

  private void layerNorm(Norm by, int at) {
    int width = shape.width();
    double mean = 0;
    for (int i = 0; i < width; i++) {
      mean += x[at + i];
    }
    mean /= width;
    double variance = 0;
    for (int i = 0; i < width; i++) {
      variance += (x[at + i] - mean) * (x[at + i] - mean);
    }
    float scale = (float) (1 / Math.sqrt(variance / width + shape.normEpsilon()));
    float[] bias = requireNonNull(by.bias(), "a layer norm has a bias");
    for (int i = 0; i < width; i++) {
      normed[at + i] = (float) (x[at + i] - mean) * scale * by.weight()[i] + bias[i];
    }
  }

  /** Makes rows the inputs of what is multiplied next. */
  private void take(float[] from, int stride, int width, int count) {
    for (int row = 0; row < count; row++) {
      inputs.take(row, from, row * stride, width);
    }
  }

  /** All of the same inputs, side by side in the outputs. */
  private void multiply(List<Linear> all, int count, float[] out, int stride) {
    int pieces = all.stream().mapToInt(one -> pieces(one.matrix().out())).sum();
    crew.run(pieces, piece -> piece(all, piece, count, out, stride));
    int at = 0;
    for (Linear one : all) {
      float[] bias = one.bias();
      for (int row = 0; bias != null && row < count; row++) {
        Curves.add(bias, 0, 1, out, row * stride + at, bias.length);
      }
      at += one.matrix().out();
    }
  }

  private static int pieces(int rows) {
    return Math.ceilDiv(rows, PIECE);
  }

  private void piece(List<Linear> all, int number, int count, float[] out, int stride) {
    int piece = number;
    int at = 0;
    for (Linear one : all) {
      int rows = one.matrix().out();
      if (piece < pieces(rows)) {
        int to = Math.min(rows, (piece + 1) * PIECE);
        one.matrix().multiply(inputs, count, out, stride, at, piece * PIECE, to);
        return;
      }
      piece -= pieces(rows);
      at += rows;
    }
  }

  /** By which a position turns. */
  private void angles(int row, int position) {
    float[] frequencies = shape.frequencies();
    for (int i = 0; i < frequencies.length; i++) {
      float angle = position * frequencies[i];
      cosines[row * frequencies.length + i] = (float) Math.cos(angle);
      sines[row * frequencies.length + i] = (float) Math.sin(angle);
    }
  }

  /** Queries and keys of a row, the halves of what is turned of each head against each other. */
  private void turn(int row) {
    int half = shape.frequencies().length;
    for (int head = 0; head < shape.heads() + shape.keyValueHeads(); head++) {
      int at = row * shape.joined() + head * shape.headSize();
      for (int i = 0; i < half; i++) {
        float cosine = cosines[row * half + i];
        float sine = sines[row * half + i];
        float first = joined[at + i];
        float second = joined[at + half + i];
        joined[at + i] = first * cosine - second * sine;
        joined[at + half + i] = second * cosine + first * sine;
      }
    }
  }

  private void keep(int row, int place, RowMatrix keys, RowMatrix values) {
    int first = row * shape.joined() + shape.width();
    int each = shape.keyValueHeads() * shape.headSize();
    attention.keep(keys, place, joined, first);
    attention.keep(values, place, joined, first + each);
  }

  private void look(List<Row> rows, RowMatrix keys, RowMatrix values) {
    int heads = shape.keyValueHeads();
    crew.run(
        rows.size() * heads,
        piece -> {
          int row = piece / heads;
          attention.look(
              rows.get(row),
              piece % heads,
              keys,
              values,
              joined,
              row * shape.joined(),
              mixed,
              row * shape.width());
        });
  }

  private void feedForward(Layer of, int count) {
    int width = shape.feedForward();
    int stride = of.in().stream().mapToInt(one -> one.matrix().out()).sum();
    multiply(of.in(), count, inner, stride);
    for (int row = 0; row < count; row++) {
      if (shape.gated()) {
        Curves.swiglu(inner, row * stride, inner, row * stride + width, width);
      } else {
        Curves.gelu(inner, row * stride, width);
      }
    }
    take(inner, stride, width, count);
    multiply(List.of(of.down()), count, mixed, shape.width());
    add(x, mixed, count * shape.width());
  }

  private static void add(float[] to, float[] from, int count) {
    Curves.add(from, 0, 1, to, 0, count);
  }

  private float[][] told(List<Row> rows) {
    norm(weights.last(), rows.size());
    int told = 0;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).last()) {
        inputs.take(told++, normed, row * shape.width(), shape.width());
      }
    }
    int shown = shape.shown();
    multiply(List.of(weights.head()), told, logits, shown);
    float[][] each = new float[told][];
    for (int row = 0; row < told; row++) {
      each[row] = Arrays.copyOfRange(logits, row * shown, (row + 1) * shown);
    }
    return each;
  }

  @Override
  public void close() {
    crew.close();
  }
}
