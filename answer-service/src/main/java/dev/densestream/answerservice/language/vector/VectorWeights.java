package dev.densestream.answerservice.language.vector;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
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

  /** A norm's weight {@code [C]} and, of a layer norm, its bias. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Norm(float[] weight, float @Nullable [] bias) {}

  /** A linear layer. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Linear(RowMatrix matrix, float @Nullable [] bias) {}

  /**
   * One layer.
   *
   * @param attention queries, keys and values
   * @param second absent where the feed-forward has the same input as attention
   * @param in gate and up, or the only one where it is not gated
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
   */
  static VectorWeights of(VectorShape shape, StoredRows stored, IntFunction<MemorySegment> memory) {
    Reader reader = new Reader(shape, stored, memory);
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      layers.add(reader.layer(AROUND + EACH * layer));
    }
    return new VectorWeights(memory.apply(0), stored, reader.norm(1), reader.head(), layers);
  }

  private record Reader(VectorShape shape, StoredRows stored, IntFunction<MemorySegment> memory) {
    private Layer layer(int at) {
      int width = shape.width();
      List<Linear> attention =
          List.of(linear(at + 2, width), linear(at + 6, width), linear(at + 10, width));
      List<Linear> in =
          shape.gated()
              ? List.of(linear(at + 20, width), linear(at + 24, width))
              : List.of(linear(at + 20, width));
      return new Layer(
          norm(at),
          attention,
          linear(at + 14, width),
          shape.parallel() ? null : norm(at + 18),
          in,
          linear(at + 28, shape.feedForward()));
    }

    private Norm norm(int at) {
      StoredRows type = shape.rmsNorm() ? StoredRows.FLOAT32 : stored;
      return new Norm(floats(memory.apply(at), type), floatsIfAny(memory.apply(at + 1), type));
    }

    /** The rows that are ever asked for; there may be more. */
    private Linear head() {
      MemorySegment shown =
          memory.apply(3).asSlice(0, (long) shape.shown() * shape.width() * stored.bytes());
      float[] bias = floatsIfAny(memory.apply(6), stored);
      return new Linear(
          RowMatrix.of(shown, stored, shape.shown(), shape.width()),
          bias == null ? null : Arrays.copyOf(bias, shape.shown()));
    }

    private Linear linear(int at, int in) {
      MemorySegment weight = memory.apply(at);
      int out = Math.toIntExact(weight.byteSize() / stored.bytes() / in);
      return new Linear(
          RowMatrix.of(weight, stored, out, in), floatsIfAny(memory.apply(at + 3), stored));
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
