package dev.densestream.answerservice.language.vector;

import static dev.densestream.answerservice.language.vector.StoredRows.FLOATS;
import static dev.densestream.answerservice.language.vector.StoredRows.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * What is done to each number of a row, in operations that give the same bits compiled or not: the
 * Vector API's own sums and exponentials do not.
 */
final class Curves {
  private static final float GELU_SLOPE = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_CUBE = 0.044715f;

  private static final float LOG2_E = 1.442695f;

  /** Added and taken away, it leaves the nearest whole number, which then is in its lowest bits. */
  static final float ROUNDING = 12_582_912;

  private static final float LN_2_HIGH = 0.6933594f;
  private static final float LN_2_LOW = -2.1219444e-4f;
  private static final float LEAST = -87;
  private static final float MOST = 88;

  /** Of 1.0 the bits of the exponent, and where they begin. */
  private static final int ONE_BITS = 0x3f800000;

  private static final int EXPONENT = 23;

  private static final int HALF = LANES / 2;
  private static final int QUARTER = LANES / 4;
  private static final VectorMask<Float> UPPER_HALF = upper(HALF);
  private static final VectorMask<Float> UPPER_QUARTERS = upper(QUARTER);
  private static final VectorShuffle<Float> BY_EIGHT = swap(8);
  private static final VectorShuffle<Float> BY_FOUR = swap(4);
  private static final VectorShuffle<Float> BY_TWO = swap(2);
  private static final VectorShuffle<Float> BY_ONE = swap(1);
  private static final VectorShuffle<Float> BY_HALF = swap(HALF);
  private static final VectorShuffle<Float> BY_QUARTER = swap(QUARTER);

  private Curves() {}

  /** Of neighbouring groups of so many lanes, the one takes the place of the other. */
  private static VectorShuffle<Float> swap(int lanes) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ lanes) % LANES);
  }

  private static VectorMask<Float> upper(int lanes) {
    long bits = 0;
    for (int lane = 0; lane < LANES; lane++) {
      bits |= (lane & lanes) == 0 ? 0 : 1L << lane;
    }
    return VectorMask.fromLong(FLOATS, bits);
  }

  /** Of all lanes, halves upon halves. */
  static float sum(FloatVector lanes) {
    FloatVector sums = lanes;
    if (LANES > 8) {
      sums = sums.add(sums.rearrange(BY_EIGHT));
    }
    if (LANES > 4) {
      sums = sums.add(sums.rearrange(BY_FOUR));
    }
    sums = sums.add(sums.rearrange(BY_TWO));
    return sums.add(sums.rearrange(BY_ONE)).lane(0);
  }

  /**
   * Of all lanes of each of four, as {@link #sum} adds them: halves of two meet in one vector, and
   * quarters of four, which takes half the instructions.
   *
   * @param lanes of the four vectors, from {@code from} on; used up
   * @param to gets the four sums, from {@code at} on
   */
  static void sums(float[] lanes, int from, float[] to, int at) {
    FloatVector a = FloatVector.fromArray(FLOATS, lanes, from);
    FloatVector b = FloatVector.fromArray(FLOATS, lanes, from + LANES);
    FloatVector c = FloatVector.fromArray(FLOATS, lanes, from + 2 * LANES);
    FloatVector d = FloatVector.fromArray(FLOATS, lanes, from + 3 * LANES);
    FloatVector first = a.blend(b, UPPER_HALF).add(b.blend(a, UPPER_HALF).rearrange(BY_HALF));
    FloatVector second = c.blend(d, UPPER_HALF).add(d.blend(c, UPPER_HALF).rearrange(BY_HALF));
    FloatVector sums =
        first
            .blend(second, UPPER_QUARTERS)
            .add(second.blend(first, UPPER_QUARTERS).rearrange(BY_QUARTER));
    if (LANES > 8) {
      sums = sums.add(sums.rearrange(BY_TWO));
    }
    if (LANES > 4) {
      sums = sums.add(sums.rearrange(BY_ONE));
    }
    sums.intoArray(lanes, from);
    to[at] = lanes[from];
    to[at + 1] = lanes[from + HALF];
    to[at + 2] = lanes[from + QUARTER];
    to[at + 3] = lanes[from + HALF + QUARTER];
  }

  /**
   * To the power of e, from {@value #LEAST} to {@value #MOST}, exact to some 1e-7 of it: by powers
   * of 2 and a polynomial for the rest (S. Moshier, Cephes, {@code expf}).
   */
  static FloatVector exp(FloatVector x) {
    FloatVector within = x.max(LEAST).min(MOST);
    FloatVector rounded =
        within.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDING));
    FloatVector whole = rounded.sub(ROUNDING);
    FloatVector rest = whole.fma(FloatVector.broadcast(FLOATS, -LN_2_HIGH), within);
    rest = whole.fma(FloatVector.broadcast(FLOATS, -LN_2_LOW), rest);
    FloatVector p = FloatVector.broadcast(FLOATS, 1.9875691e-4f);
    p = p.fma(rest, FloatVector.broadcast(FLOATS, 1.3981999e-3f));
    p = p.fma(rest, FloatVector.broadcast(FLOATS, 8.333452e-3f));
    p = p.fma(rest, FloatVector.broadcast(FLOATS, 4.1665796e-2f));
    p = p.fma(rest, FloatVector.broadcast(FLOATS, 0.16666666f));
    p = p.fma(rest, FloatVector.broadcast(FLOATS, 0.5f));
    p = p.fma(rest.mul(rest), rest).add(1);
    return rounded
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, EXPONENT)
        .add(ONE_BITS)
        .reinterpretAsFloats()
        .mul(p);
  }

  /** {@code gate = gate / (1 + exp(-gate)) * up}. */
  static void swiglu(float[] gate, int gateAt, float[] up, int upAt, int count) {
    int done = count - count % LANES;
    for (int i = 0; i < done; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, gateAt + i);
      FloatVector u = FloatVector.fromArray(FLOATS, up, upAt + i);
      FloatVector below = exp(g.neg()).add(1);
      g.div(below).mul(u).intoArray(gate, gateAt + i);
    }
    for (int i = done; i < count; i++) {
      float g = gate[gateAt + i];
      gate[gateAt + i] = g / (1 + (float) Math.exp(-g)) * up[upAt + i];
    }
  }

  /** GELU by its usual approximation with tanh. */
  static void gelu(float[] x, int at, int count) {
    int done = count - count % LANES;
    for (int i = 0; i < done; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, at + i);
      FloatVector inner = v.mul(v).mul(v).mul(GELU_CUBE).add(v).mul(GELU_SLOPE);
      // (1 + tanh u) / 2 = 1 / (1 + exp(-2u))
      FloatVector below = exp(inner.mul(-2)).add(1);
      v.div(below).intoArray(x, at + i);
    }
    for (int i = done; i < count; i++) {
      float v = x[at + i];
      double inner = GELU_SLOPE * (v + GELU_CUBE * v * v * v);
      x[at + i] = (float) (v / (1 + Math.exp(-2 * inner)));
    }
  }

  /** Scores become shares that add up to 1. */
  static void softmax(float[] x, int at, int count) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, x[at + i]);
    }
    int done = count - count % LANES;
    FloatVector sums = FloatVector.zero(FLOATS);
    for (int i = 0; i < done; i += LANES) {
      FloatVector v = exp(FloatVector.fromArray(FLOATS, x, at + i).sub(most));
      v.intoArray(x, at + i);
      sums = sums.add(v);
    }
    float sum = sum(sums);
    for (int i = done; i < count; i++) {
      x[at + i] = (float) Math.exp(x[at + i] - most);
      sum += x[at + i];
    }
    scale(x, at, count, 1 / sum);
  }

  static void scale(float[] x, int at, int count, float by) {
    int done = count - count % LANES;
    for (int i = 0; i < done; i += LANES) {
      FloatVector.fromArray(FLOATS, x, at + i).mul(by).intoArray(x, at + i);
    }
    for (int i = done; i < count; i++) {
      x[at + i] *= by;
    }
  }

  static float dot(float[] a, int aAt, float[] b, int bAt, int count) {
    int done = count - count % LANES;
    FloatVector sums = FloatVector.zero(FLOATS);
    for (int i = 0; i < done; i += LANES) {
      FloatVector of = FloatVector.fromArray(FLOATS, b, bAt + i);
      sums = FloatVector.fromArray(FLOATS, a, aAt + i).fma(of, sums);
    }
    float sum = sum(sums);
    for (int i = done; i < count; i++) {
      sum += a[aAt + i] * b[bAt + i];
    }
    return sum;
  }

  /** {@code to += from * by}. */
  static void add(float[] from, int fromAt, float by, float[] to, int toAt, int count) {
    int done = count - count % LANES;
    for (int i = 0; i < done; i += LANES) {
      FloatVector sum = FloatVector.fromArray(FLOATS, to, toAt + i);
      FloatVector.fromArray(FLOATS, from, fromAt + i)
          .fma(FloatVector.broadcast(FLOATS, by), sum)
          .intoArray(to, toAt + i);
    }
    for (int i = done; i < count; i++) {
      to[toAt + i] += from[fromAt + i] * by;
    }
  }
}
