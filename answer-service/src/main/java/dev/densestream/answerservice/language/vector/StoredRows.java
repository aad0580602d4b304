package dev.densestream.answerservice.language.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.densestream.visionpipeline.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How rows of numbers are stored. Of two bfloat16 that lie in 32 bits the lower becomes a float by
 * a shift and the upper by a mask, so a vector of such pairs becomes one of all even numbers and
 * one of all odd ones: rows are kept in that order, block by block, where they meet others. What
 * does not fill a block stays in its place.
 */
enum StoredRows {
  FLOAT32(Float.BYTES),
  BFLOAT16(Short.BYTES);

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  static final int LANES = FLOATS.length();

  /** Of a pair of bfloat16 that of the upper half. */
  static final int UPPER = 0xffff0000;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final int bytes;

  StoredRows(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Of what is not in 4 bits, in that precision.
   *
   * @throws IllegalArgumentException for a precision that no rows here are stored in
   */
  static StoredRows of(Precision precision) {
    return switch (precision) {
      case FP32 -> FLOAT32;
      case BF16, INT4 -> BFLOAT16;
      default -> throw new IllegalArgumentException("no rows of " + precision);
    };
  }

  int bytes() {
    return bytes;
  }

  /** Numbers that are arranged together. */
  int block() {
    return this == FLOAT32 ? LANES : 2 * LANES;
  }

  /** One number of memory, in its natural order. */
  float get(MemorySegment memory, long index) {
    return this == FLOAT32
        ? memory.get(FLOAT, index * Float.BYTES)
        : bfloat16(memory.get(SHORT, index * Short.BYTES));
  }

  static float bfloat16(short stored) {
    return Float.intBitsToFloat(stored << 16);
  }

  /** Writes one number, rounded to the nearest, of two as near the even one. */
  void set(MemorySegment memory, long index, float value) {
    if (this == FLOAT32) {
      memory.set(FLOAT, index * Float.BYTES, value);
    } else {
      int bits = Float.floatToRawIntBits(value);
      int rounded = Float.isNaN(value) ? bits | 1 << 22 : bits + 0x7fff + (bits >>> 16 & 1);
      memory.set(SHORT, index * Short.BYTES, (short) (rounded >>> 16));
    }
  }

  /** From the natural to the arranged order. */
  void arrange(float[] from, int fromAt, float[] to, int at, int count) {
    int done = this == FLOAT32 ? 0 : count - count % block();
    for (int i = 0; i < done; i += 2 * LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        to[at + i + lane] = from[fromAt + i + 2 * lane];
        to[at + i + LANES + lane] = from[fromAt + i + 2 * lane + 1];
      }
    }
    System.arraycopy(from, fromAt + done, to, at + done, count - done);
  }

  /** And back. */
  void restore(float[] from, int fromAt, float[] to, int at, int count) {
    int done = this == FLOAT32 ? 0 : count - count % block();
    for (int i = 0; i < done; i += 2 * LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        to[at + i + 2 * lane] = from[fromAt + i + lane];
        to[at + i + 2 * lane + 1] = from[fromAt + i + LANES + lane];
      }
    }
    System.arraycopy(from, fromAt + done, to, at + done, count - done);
  }
}
