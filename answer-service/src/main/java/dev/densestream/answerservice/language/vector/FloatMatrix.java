package dev.densestream.answerservice.language.vector;

import static dev.densestream.answerservice.language.vector.StoredRows.FLOATS;
import static dev.densestream.answerservice.language.vector.StoredRows.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Of float32. */
final class FloatMatrix extends RowMatrix {
  FloatMatrix(MemorySegment memory, int out, int in) {
    super(memory, StoredRows.FLOAT32, out, in);
  }

  @Override
  void one(float[] x, int x0, int row, float[] lanes, int at) {
    MemorySegment w = memory();
    int done = in() - in() % LANES;
    long start = row * 4L * in();
    FloatVector a = FloatVector.zero(FLOATS);
    for (int i = 0; i < done; i += LANES) {
      FloatVector p = FloatVector.fromMemorySegment(FLOATS, w, start + 4L * i, LITTLE_ENDIAN);
      a = p.fma(FloatVector.fromArray(FLOATS, x, x0 + i), a);
    }
    a.intoArray(lanes, at);
  }

  @Override
  void two(float[] x, int x0, int x1, int row, int last, float[] lanes) {
    MemorySegment w = memory();
    int done = in() - in() % LANES;
    long pAt = row * 4L * in();
    long qAt = Math.min(row + 1, last) * 4L * in();
    long rAt = Math.min(row + 2, last) * 4L * in();
    long sAt = Math.min(row + 3, last) * 4L * in();
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int i = 0; i < done; i += LANES) {
      FloatVector p = FloatVector.fromMemorySegment(FLOATS, w, pAt + 4L * i, LITTLE_ENDIAN);
      FloatVector q = FloatVector.fromMemorySegment(FLOATS, w, qAt + 4L * i, LITTLE_ENDIAN);
      FloatVector r = FloatVector.fromMemorySegment(FLOATS, w, rAt + 4L * i, LITTLE_ENDIAN);
      FloatVector s = FloatVector.fromMemorySegment(FLOATS, w, sAt + 4L * i, LITTLE_ENDIAN);
      FloatVector y0 = FloatVector.fromArray(FLOATS, x, x0 + i);
      FloatVector y1 = FloatVector.fromArray(FLOATS, x, x1 + i);
      a = p.fma(y0, a);
      b = p.fma(y1, b);
      c = q.fma(y0, c);
      d = q.fma(y1, d);
      e = r.fma(y0, e);
      f = r.fma(y1, f);
      g = s.fma(y0, g);
      h = s.fma(y1, h);
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
    FloatVector mixed = FloatVector.fromArray(FLOATS, sums, sumsAt);
    long start = 4L * column;
    long each = 4L * in();
    for (int row = from; row < to; row++) {
      FloatVector values =
          FloatVector.fromMemorySegment(FLOATS, w, start + row * each, LITTLE_ENDIAN);
      mixed = values.fma(FloatVector.broadcast(FLOATS, weights[at + row - from]), mixed);
    }
    mixed.intoArray(sums, sumsAt);
  }
}
