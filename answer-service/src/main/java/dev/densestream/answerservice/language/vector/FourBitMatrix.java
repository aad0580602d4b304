package dev.densestream.answerservice.language.vector;

import static dev.densestream.answerservice.language.vector.StoredRows.FLOATS;
import static dev.densestream.answerservice.language.vector.StoredRows.INTS;
import static dev.densestream.answerservice.language.vector.StoredRows.LANES;
import static dev.densestream.answerservice.language.vector.StoredRows.UPPER;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorOperators.Conversion;
import jdk.incubator.vector.VectorSpecies;

/**
 * A weight in 4 bits, in groups of {@value #GROUP} neighbours of a row: a number is its group's
 * scale times what its 4 bits say above {@value #ZERO}. In memory, as LanguageModel.torch's {@code
 * in_four_bits} makes it, {@value #ROWS} rows are a block, and of each block group follows group:
 *
 * <ul>
 *   <li>the scales of the rows, bfloat16;
 *   <li>8 lines, each with 16 bits for every row: 4 of its columns, the first in the lowest bits.
 * </ul>
 *
 * <p>So each row is a lane, one load gives 4 columns of a block, and products of whole numbers need
 * 16 bits. That is 4.5 bits a weight. Rows and columns that do not fill a block are there, as 0.
 */
final class FourBitMatrix implements WeightMatrix {
  static final int GROUP = 32;
  static final int ROWS = 32;

  /** What 4 bits say of 0. */
  static final int ZERO = 8;

  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final int LINE = Short.BYTES * ROWS;
  private static final int LINES = GROUP / 4;
  private static final int BYTES = LINE + LINES * LINE;

  /** Of 16 bits, twice, the code in the lowest 4. */
  private static final int LOWEST = 0x000f000f;

  private static final Conversion<Integer, Float> TO_FLOAT = VectorOperators.I2F;

  private final MemorySegment memory;
  private final int out;
  private final int in;
  private final int groups;

  /**
   * Over memory.
   *
   * @throws IllegalArgumentException when it is not as long as the shape says
   */
  FourBitMatrix(MemorySegment memory, int out, int in) {
    this.memory = memory;
    this.out = out;
    this.in = in;
    this.groups = groups(in);
    if (memory.byteSize() != bytes(out, in)) {
      throw new IllegalArgumentException(
          "a weight of " + out + " x " + in + " in 4 bits has " + memory.byteSize() + " bytes");
    }
  }

  static int groups(int in) {
    return Math.ceilDiv(in, GROUP);
  }

  static long bytes(int out, int in) {
    return (long) Math.ceilDiv(out, ROWS) * groups(in) * BYTES;
  }

  @Override
  public int out() {
    return out;
  }

  @Override
  public int in() {
    return in;
  }

  @Override
  public void multiply(Inputs x, int count, float[] y, int stride, int at, int from, int to) {
    float[] lanes = new float[2 * ROWS];
    for (int row = from; row < to; row += ROWS) {
      int rows = Math.min(ROWS, to - row);
      int input = 0;
      for (; input + 1 < count; input += 2) {
        for (int part = 0; part < ROWS; part += SHORTS.length()) {
          two(x, input, row, part, lanes);
        }
        tell(lanes, 0, y, input * stride + at + row, rows);
        tell(lanes, ROWS, y, (input + 1) * stride + at + row, rows);
      }
      if (input < count) {
        for (int part = 0; part < ROWS; part += SHORTS.length()) {
          one(x, input, row, part, lanes);
        }
        tell(lanes, 0, y, input * stride + at + row, rows);
      }
    }
  }

  /** From vectors of even and of odd rows in turn to the rows' order. */
  private static void tell(float[] lanes, int of, float[] y, int at, int rows) {
    for (int row = 0; row < rows; row++) {
      int part = row & -SHORTS.length();
      y[at + row] = lanes[of + part + (row & 1) * LANES + ((row - part) >> 1)];
    }
  }

  /**
   * As many rows of a block as there are lanes, and one input. The sum of a group's products, each
   * from -8 * 127 to 8 * 127, fits into 16 bits, whatever it passes on the way; in the upper half
   * of 32 bits it is {@link Inputs#SHIFTED} times as large.
   *
   * <p>All in one method: of what this calls, besides vectors, the compiler inlines only a part,
   * and what it does not inline is a thousand times as slow. Its inner loop counts no rounds: what
   * the compiler puts around a counted loop takes as long as 8 rounds.
   *
   * @param part the first of the rows in the block
   * @param lanes gets the products of the rows from {@code part} on, those of even rows first
   */
  private void one(Inputs x, int input, int row, int part, float[] lanes) {
    int[] whole = x.whole();
    short[] offsets = x.offsets();
    float[] scales = x.scales();
    long at = (long) (row / ROWS) * groups * BYTES + (long) Short.BYTES * part;
    long last = at + (long) groups * BYTES;
    int number = input * groups;
    int k = number * GROUP;
    FloatVector evens = FloatVector.zero(FLOATS);
    FloatVector odds = evens;
    for (; at < last; at += BYTES, number++) {
      ShortVector a = ShortVector.broadcast(SHORTS, offsets[number]);
      long line = at + LINE;
      do {
        IntVector v = IntVector.fromMemorySegment(INTS, memory, line, LITTLE_ENDIAN);
        ShortVector codes = v.and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k]).reinterpretAsShorts()));
        codes = v.lanewise(VectorOperators.LSHR, 4).and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k + 1]).reinterpretAsShorts()));
        codes = v.lanewise(VectorOperators.LSHR, 8).and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k + 2]).reinterpretAsShorts()));
        codes = v.lanewise(VectorOperators.LSHR, 12).and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k + 3]).reinterpretAsShorts()));
        line += LINE;
        k += 4;
      } while (line != at + BYTES);
      IntVector sums = a.reinterpretAsInts();
      FloatVector p =
          (FloatVector) sums.lanewise(VectorOperators.LSHL, Short.SIZE).convert(TO_FLOAT, 0);
      FloatVector q = (FloatVector) sums.and(UPPER).convert(TO_FLOAT, 0);
      IntVector by = IntVector.fromMemorySegment(INTS, memory, at, LITTLE_ENDIAN);
      FloatVector scale = by.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
      evens = p.fma(scale.mul(scales[number]), evens);
      scale = by.and(UPPER).reinterpretAsFloats();
      odds = q.fma(scale.mul(scales[number]), odds);
    }
    evens.intoArray(lanes, part);
    odds.intoArray(lanes, part + LANES);
  }

  /**
   * The same with two inputs, written out once more since it cannot call what {@link #one} would
   * share with it.
   *
   * @param lanes gets those of the second input {@value #ROWS} behind those of the first
   */
  private void two(Inputs x, int input, int row, int part, float[] lanes) {
    int[] whole = x.whole();
    short[] offsets = x.offsets();
    float[] scales = x.scales();
    long at = (long) (row / ROWS) * groups * BYTES + (long) Short.BYTES * part;
    long last = at + (long) groups * BYTES;
    int number = input * groups;
    int k = number * GROUP;
    int next = k + groups * GROUP;
    FloatVector evens = FloatVector.zero(FLOATS);
    FloatVector odds = evens;
    FloatVector nextEvens = evens;
    FloatVector nextOdds = evens;
    for (; at < last; at += BYTES, number++) {
      ShortVector a = ShortVector.broadcast(SHORTS, offsets[number]);
      ShortVector b = ShortVector.broadcast(SHORTS, offsets[number + groups]);
      long line = at + LINE;
      do {
        IntVector v = IntVector.fromMemorySegment(INTS, memory, line, LITTLE_ENDIAN);
        ShortVector codes = v.and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k]).reinterpretAsShorts()));
        b = b.add(codes.mul(IntVector.broadcast(INTS, whole[next]).reinterpretAsShorts()));
        codes = v.lanewise(VectorOperators.LSHR, 4).and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k + 1]).reinterpretAsShorts()));
        b = b.add(codes.mul(IntVector.broadcast(INTS, whole[next + 1]).reinterpretAsShorts()));
        codes = v.lanewise(VectorOperators.LSHR, 8).and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k + 2]).reinterpretAsShorts()));
        b = b.add(codes.mul(IntVector.broadcast(INTS, whole[next + 2]).reinterpretAsShorts()));
        codes = v.lanewise(VectorOperators.LSHR, 12).and(LOWEST).reinterpretAsShorts();
        a = a.add(codes.mul(IntVector.broadcast(INTS, whole[k + 3]).reinterpretAsShorts()));
        b = b.add(codes.mul(IntVector.broadcast(INTS, whole[next + 3]).reinterpretAsShorts()));
        line += LINE;
        k += 4;
        next += 4;
      } while (line != at + BYTES);
      IntVector by = IntVector.fromMemorySegment(INTS, memory, at, LITTLE_ENDIAN);
      FloatVector even = by.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
      FloatVector odd = by.and(UPPER).reinterpretAsFloats();
      IntVector sums = a.reinterpretAsInts();
      FloatVector p =
          (FloatVector) sums.lanewise(VectorOperators.LSHL, Short.SIZE).convert(TO_FLOAT, 0);
      FloatVector q = (FloatVector) sums.and(UPPER).convert(TO_FLOAT, 0);
      evens = p.fma(even.mul(scales[number]), evens);
      odds = q.fma(odd.mul(scales[number]), odds);
      sums = b.reinterpretAsInts();
      p = (FloatVector) sums.lanewise(VectorOperators.LSHL, Short.SIZE).convert(TO_FLOAT, 0);
      q = (FloatVector) sums.and(UPPER).convert(TO_FLOAT, 0);
      nextEvens = p.fma(even.mul(scales[number + groups]), nextEvens);
      nextOdds = q.fma(odd.mul(scales[number + groups]), nextOdds);
    }
    evens.intoArray(lanes, part);
    odds.intoArray(lanes, part + LANES);
    nextEvens.intoArray(lanes, part + ROWS);
    nextOdds.intoArray(lanes, part + ROWS + LANES);
  }
}
