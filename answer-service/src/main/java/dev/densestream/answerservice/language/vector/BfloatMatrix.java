package dev.densestream.answerservice.language.vector;

import static dev.densestream.answerservice.language.vector.StoredRows.FLOATS;
import static dev.densestream.answerservice.language.vector.StoredRows.INTS;
import static dev.densestream.answerservice.language.vector.StoredRows.LANES;
import static dev.densestream.answerservice.language.vector.StoredRows.UPPER;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Of bfloat16. */
final class BfloatMatrix extends RowMatrix {
  BfloatMatrix(MemorySegment memory, int out, int in) {
    super(memory, StoredRows.BFLOAT16, out, in);
  }

  private static FloatVector even(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector odd(IntVector pairs) {
    return pairs.and(UPPER).reinterpretAsFloats();
  }

  @Override
  void one(float[] x, int x0, int row, float[] lanes, int at) {
    MemorySegment w = memory();
    int done = in() - in() % (2 * LANES);
    long start = row * 2L * in();
    FloatVector a = FloatVector.zero(FLOATS);
    for (int i = 0; i < done; i += 2 * LANES) {
      IntVector p = IntVector.fromMemorySegment(INTS, w, start + 2L * i, LITTLE_ENDIAN);
      a = even(p).fma(FloatVector.fromArray(FLOATS, x, x0 + i), a);
      a = odd(p).fma(FloatVector.fromArray(FLOATS, x, x0 + i + LANES), a);
    }
    a.intoArray(lanes, at);
  }

  @Override
  void two(float[] x, int x0, int x1, int row, int last, float[] lanes) {
    MemorySegment w = memory();
    int done = in() - in() % (2 * LANES);
    long pAt = row * 2L * in();
    long qAt = Math.min(row + 1, last) * 2L * in();
    long rAt = Math.min(row + 2, last) * 2L * in();
    long sAt = Math.min(row + 3, last) * 2L * in();
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int i = 0; i < done; i += 2 * LANES) {
      IntVector p = IntVector.fromMemorySegment(INTS, w, pAt + 2L * i, LITTLE_ENDIAN);
      IntVector q = IntVector.fromMemorySegment(INTS, w, qAt + 2L * i, LITTLE_ENDIAN);
      IntVector r = IntVector.fromMemorySegment(INTS, w, rAt + 2L * i, LITTLE_ENDIAN);
      IntVector s = IntVector.fromMemorySegment(INTS, w, sAt + 2L * i, LITTLE_ENDIAN);
      FloatVector y0 = FloatVector.fromArray(FLOATS, x, x0 + i);
      FloatVector y1 = FloatVector.fromArray(FLOATS, x, x1 + i);
      FloatVector v = even(p);
      a = v.fma(y0, a);
      b = v.fma(y1, b);
      v = even(q);
      c = v.fma(y0, c);
      d = v.fma(y1, d);
      v = even(r);
      e = v.fma(y0, e);
      f = v.fma(y1, f);
      v = even(s);
      g = v.fma(y0, g);
      h = v.fma(y1, h);
      y0 = FloatVector.fromArray(FLOATS, x, x0 + i + LANES);
      y1 = FloatVector.fromArray(FLOATS, x, x1 + i + LANES);
      v = odd(p);
      a = v.fma(y0, a);
      b = v.fma(y1, b);
      v = odd(q);
      c = v.fma(y0, c);
      d = v.fma(y1, d);
      v = odd(r);
      e = v.fma(y0, e);
      f = v.fma(y1, f);
      v = odd(s);
      g = v.fma(y0, g);
      h = v.fma(y1, h);
    }
    a.intoArray(lanes, 0);
    c.intoArray(lanes, LANES);
    e.intoArray(lanes, 2 * LANES);
    g.intoArray(lanes, 3 * LANES);
    b.intoArray(lanes, 4 * LANES);
    d.intoArray(lanes, 5 * LANES);
    f.intoArray(lanes, 6 * LANES);
    h.intoArray(lanes, 7 * LANES);
  }

  @Override
  void mixBlock(float[] weights, int at, int from, int to, int column, float[] sums, int sumsAt) {
    MemorySegment w = memory();
    FloatVector evens = FloatVector.fromArray(FLOATS, sums, sumsAt);
    FloatVector odds = FloatVector.fromArray(FLOATS, sums, sumsAt + LANES);
    long start = 2L * column;
    long each = 2L * in();
    for (int row = from; row < to; row++) {
      IntVector pairs = IntVector.fromMemorySegment(INTS, w, start + row * each, LITTLE_ENDIAN);
      FloatVector by = FloatVector.broadcast(FLOATS, weights[at + row - from]);
      evens = even(pairs).fma(by, evens);
      odds = odd(pairs).fma(by, odds);
    }
    evens.intoArray(sums, sumsAt);
    odds.intoArray(sums, sumsAt + LANES);
  }
}
