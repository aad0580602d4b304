package dev.densestream.answerservice.language.vector;

import java.lang.foreign.MemorySegment;

/**
 * A weight {@code [out, in]}, row-major, where it lies in native memory. Nothing is copied; whoever
 * owns the memory keeps it for as long as this is used.
 */
abstract class RowMatrix implements WeightMatrix {
  private static final int MOST_SUMS = 8;

  private final int out;
  private final int in;
  private final StoredRows stored;
  private final MemorySegment memory;

  /**
   * Over memory.
   *
   * @throws IllegalArgumentException when it is not as long as the shape says
   */
  RowMatrix(MemorySegment memory, StoredRows stored, int out, int in) {
    if (memory.byteSize() != (long) out * in * stored.bytes()) {
      throw new IllegalArgumentException(
          "a weight of "
              + out
              + " x "
              + in
              + " "
              + stored
              + " has "
              + memory.byteSize()
              + " bytes");
    }
    this.out = out;
    this.in = in;
    this.stored = stored;
    this.memory = memory;
  }

  static RowMatrix of(MemorySegment memory, StoredRows stored, int out, int in) {
    return switch (stored) {
      case FLOAT32 -> new FloatMatrix(memory, out, in);
      case BFLOAT16 -> new BfloatMatrix(memory, out, in);
    };
  }

  @Override
  public final int out() {
    return out;
  }

  @Override
  public final int in() {
    return in;
  }

  final MemorySegment memory() {
    return memory;
  }

  @Override
  public final void multiply(Inputs x, int count, float[] y, int stride, int at, int from, int to) {
    multiply(x.floats(), count, y, stride, at, from, to);
  }

  /**
   * Products of some of its rows with inputs. Each is summed in the same order however many inputs
   * there are.
   *
   * @param x inputs {@code [count, in]}, each in the order of {@link StoredRows#arrange}
   * @param y gets the products, {@code [count, stride]}, those of row 0 from {@code at} on
   */
  final void multiply(float[] x, int count, float[] y, int stride, int at, int from, int to) {
    float[] lanes = new float[MOST_SUMS * StoredRows.LANES];
    int first = 0;
    for (; count - first > 1; first += 2) {
      twos(x, first * in, y, first * stride + at, stride, from, to, lanes);
    }
    if (count > first) {
      ones(x, first * in, y, first * stride + at, from, to, lanes);
    }
    if (in % stored.block() != 0) {
      addRests(x, count, y, stride, at, from, to);
    }
  }

  private void ones(float[] x, int x0, float[] y, int y0, int from, int to, float[] lanes) {
    for (int row = from; row < to; row += 4) {
      for (int i = 0; i < Math.min(4, to - row); i++) {
        one(x, x0, row + i, lanes, i * StoredRows.LANES);
      }
      tell(lanes, 0, y, y0, row, to);
    }
  }

  private void twos(
      float[] x, int x0, float[] y, int y0, int stride, int from, int to, float[] lanes) {
    for (int row = from; row < to; row += 4) {
      two(x, x0, x0 + in, row, to - 1, lanes);
      tell(lanes, 0, y, y0, row, to);
      tell(lanes, 4 * StoredRows.LANES, y, y0 + stride, row, to);
    }
  }

  /** Of four rows and an input, as far as they are asked for. */
  private static void tell(float[] lanes, int of, float[] y, int y0, int row, int to) {
    if (row + 4 <= to) {
      Curves.sums(lanes, of, y, y0 + row);
    } else {
      Curves.sums(lanes, of, lanes, 0);
      System.arraycopy(lanes, 0, y, y0 + row, to - row);
    }
  }

  /** What does not fill a block. */
  private void addRests(float[] x, int count, float[] y, int stride, int at, int from, int to) {
    for (int input = 0; input < count; input++) {
      for (int row = from; row < to; row++) {
        y[input * stride + at + row] += rest(x, input * in, row);
      }
    }
  }

  private float rest(float[] x, int xAt, int row) {
    float sum = 0;
    for (int i = in - in % stored.block(); i < in; i++) {
      sum += x[xAt + i] * stored.get(memory, (long) row * in + i);
    }
    return sum;
  }

  /**
   * Adds a weighted sum of some of its rows.
   *
   * @param weights of the rows, from {@code at} on
   * @param sums gets {@code [in]}, in the order of {@link StoredRows#arrange}, added to what is
   *     there from {@code sumsAt} on
   */
  final void mix(float[] weights, int at, int from, int to, float[] sums, int sumsAt) {
    int done = in - in % stored.block();
    for (int column = 0; column < done; column += stored.block()) {
      mixBlock(weights, at, from, to, column, sums, sumsAt + column);
    }
    for (int row = from; row < to; row++) {
      for (int i = done; i < in; i++) {
        sums[sumsAt + i] += weights[at + row - from] * stored.get(memory, (long) row * in + i);
      }
    }
  }

  /** The same for the block of columns that begins with {@code column}. */
  abstract void mixBlock(
      float[] weights, int at, int from, int to, int column, float[] sums, int sumsAt);

  /**
   * One row and one input. Memory is read in its order: that of several rows at once comes up to a
   * fifth slower (src/docs/benchmarks.md).
   *
   * @param lanes gets, from {@code at} on, a vector of the sums of the product without what does
   *     not fill a block
   */
  abstract void one(float[] x, int x0, int row, float[] lanes, int at);

  /**
   * Four rows from {@code row} on and two inputs, one input behind the other; rows behind the last
   * are the last again.
   *
   * @param lanes gets such vectors, each summed in the same order as that of one, row by row
   */
  abstract void two(float[] x, int x0, int x1, int row, int last, float[] lanes);
}
