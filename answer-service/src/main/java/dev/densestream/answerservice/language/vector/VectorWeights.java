package dev.densestream.answerservice.language.vector;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights in the order that LanguageModel.torch documents, where they lie.
 *
 * @param embedding {@code [V, C]}
 */
record VectorWeights(
    MemorySegment embedding, StoredRows stored, Norm last, Linear head, List<Layer> layers) {
  private static final int AROUND = 9;
  private static final int EACH = 32;

  VectorWeights {
    layers = List.copyOf(layers);
  }

  boolean inFourBits() {
    return head.matrix() instanceof FourBitMatrix;
  }

  /** A norm's weight {@code [C]} and, of a layer norm, its bias. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Norm(float[] weight, float @Nullable [] bias) {}

  /** A linear layer. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Linear(WeightMatrix matrix, float @Nullable [] bias) {}

  /**
   * One layer.
   *
   * @param attention queries, keys and values, or one for all
   * @param second absent where the feed-forward has the same input as attention
   * @param in gate and up, or one for both, or the only one where it is not gated
   */
  record Layer(
      Norm first,
      List<Linear> attention,
      Linear out,
      @Nullable Norm second,
      List<Linear> in,
      Linear down) {
    Layer {
      attention = List.copyOf(attention);
      in = List.copyOf(in);
    }
  }

  /**
   * Of tensors in that order.
   *
   * @param memory of each, empty for one that is absent
   * @param fourBits of each linear layer in 4 bits, joined as that text says; empty if none is
   */
  static VectorWeights of(
      VectorShape shape,
      StoredRows stored,
      IntFunction<MemorySegment> memory,
      List<MemorySegment> fourBits) {
    Reader reader = new Reader(shape, stored, memory, fourBits);
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      layers.add(reader.layer(layer));
    }
    return new VectorWeights(memory.apply(0), stored, reader.norm(1), reader.head(), layers);
  }

  private record Reader(
      VectorShape shape,
      StoredRows stored,
      IntFunction<MemorySegment> memory,
      List<MemorySegment> fourBits) {
    private Layer layer(int number) {
      int at = AROUND + EACH * number;
      int four = 1 + 4 * number;
      int width = shape.width();
      int inner = shape.feedForward();
      int each = shape.keyValueHeads() * shape.headSize();
      return new Layer(
          norm(at),
          linears(at + 2, four, List.of(width, each, each), width),
          linear(at + 14, four + 1, width, width),
          shape.parallel() ? null : norm(at + 18),
          linears(at + 20, four + 2, Collections.nCopies(shape.gated() ? 2 : 1, inner), width),
          linear(at + 28, four + 3, width, inner));
    }

    /** Those in 8 and in 4 bits are computed with norms in float32. */
    private Norm norm(int at) {
      boolean wide = shape.rmsNorm() || !fourBits.isEmpty();
      StoredRows type = wide ? StoredRows.FLOAT32 : stored;
      return new Norm(floats(memory.apply(at), type), floatsIfAny(memory.apply(at + 1), type));
    }

    /** The rows that are ever asked for; there may be more. */
    private Linear head() {
      int shown = shape.shown();
      float[] bias = floatsIfAny(memory.apply(6), stored);
      return new Linear(headMatrix(), bias == null ? null : Arrays.copyOf(bias, shown));
    }

    private WeightMatrix headMatrix() {
      int shown = shape.shown();
      int width = shape.width();
      if (fourBits.isEmpty()) {
        long bytes = (long) shown * width * stored.bytes();
        return RowMatrix.of(memory.apply(3).asSlice(0, bytes), stored, shown, width);
      }
      MemorySegment rows = fourBits.getFirst().asSlice(0, FourBitMatrix.bytes(shown, width));
      return new FourBitMatrix(rows, shown, width);
    }

    /** Of the same input. */
    private List<Linear> linears(int at, int number, List<Integer> out, int in) {
      if (!fourBits.isEmpty()) {
        int all = out.stream().mapToInt(Integer::intValue).sum();
        return List.of(linear(at, number, all, in));
      }
      return IntStream.range(0, out.size())
          .mapToObj(i -> linear(at + 4 * i, number, out.get(i), in))
          .toList();
    }

    private Linear linear(int at, int number, int out, int in) {
      WeightMatrix matrix =
          fourBits.isEmpty()
              ? RowMatrix.of(memory.apply(at), stored, out, in)
              : new FourBitMatrix(fourBits.get(number), out, in);
      return new Linear(matrix, floatsIfAny(memory.apply(at + 3), stored));
    }

    private static float @Nullable [] floatsIfAny(MemorySegment memory, StoredRows type) {
      return memory.byteSize() == 0 ? null : floats(memory, type);
    }

    private static float[] floats(MemorySegment memory, StoredRows type) {
      float[] floats = new float[Math.toIntExact(memory.byteSize() / type.bytes())];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = type.get(memory, i);
      }
      return floats;
    }
  }
}
