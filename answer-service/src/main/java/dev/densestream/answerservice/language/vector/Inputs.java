package dev.densestream.answerservice.language.vector;

import static dev.densestream.answerservice.language.vector.StoredRows.FLOATS;
import static dev.densestream.answerservice.language.vector.StoredRows.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows that weights are multiplied with, in the form that these want: floats in the order of {@link
 * StoredRows#arrange}, or, for weights in 4 bits, whole numbers of 8 bits in the same groups as
 * those. There is room for a step's rows, and each taken overwrites one.
 */
final class Inputs {
  /** By which the sums are larger that {@link FourBitMatrix} multiplies with scales. */
  static final float SHIFTED = 1 << Short.SIZE;

  private static final int LEVELS = 127;

  private final StoredRows stored;
  private final boolean inGroups;
  private final float[] floats;
  private final int[] whole;
  private final short[] offsets;
  private final float[] scales;
  private final float[] group = new float[FourBitMatrix.GROUP];
  private final int[] rounded = new int[FourBitMatrix.GROUP];

  private Inputs(StoredRows stored, boolean inGroups, int rows, int widest) {
    this.stored = stored;
    this.inGroups = inGroups;
    int groups = inGroups ? rows * FourBitMatrix.groups(widest) : 0;
    floats = new float[inGroups ? 0 : rows * widest];
    whole = new int[groups * FourBitMatrix.GROUP];
    offsets = new short[groups];
    scales = new float[groups];
  }

  /** For weights that are stored so. */
  static Inputs arranged(StoredRows stored, int rows, int widest) {
    return new Inputs(stored, false, rows, widest);
  }

  /** For weights in 4 bits. */
  static Inputs inGroups(int rows, int widest) {
    return new Inputs(StoredRows.FLOAT32, true, rows, widest);
  }

  /** {@code [rows, in]}. */
  float[] floats() {
    return floats;
  }

  /**
   * {@code [rows, groups * 32]}, each twice, in the lower and in the upper 16 bits: times its
   * group's scale and {@link #SHIFTED}, it is what was taken.
   */
  int[] whole() {
    return whole;
  }

  /** {@code [rows, groups]}: -8 times the sum of a group. */
  short[] offsets() {
    return offsets;
  }

  /** {@code [rows, groups]}. */
  float[] scales() {
    return scales;
  }

  /** Takes a row. All rows that are multiplied together have one width. */
  void take(int row, float[] from, int at, int width) {
    if (!inGroups) {
      stored.arrange(from, at, floats, row * width, width);
      return;
    }
    int groups = FourBitMatrix.groups(width);
    for (int i = 0; i < groups; i++) {
      int start = i * FourBitMatrix.GROUP;
      if (start + FourBitMatrix.GROUP <= width) {
        takeGroup(row * groups + i, from, at + start);
      } else {
        Arrays.fill(group, 0);
        System.arraycopy(from, at + start, group, 0, width - start);
        takeGroup(row * groups + i, group, 0);
      }
    }
  }

  private void takeGroup(int number, float[] from, int at) {
    FloatVector largest = FloatVector.zero(FLOATS);
    for (int i = 0; i < FourBitMatrix.GROUP; i += LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, from, at + i).abs());
    }
    float most = largest.reduceLanes(VectorOperators.MAX);
    float levels = most == 0 ? 0 : LEVELS / most;
    scales[number] = most / LEVELS / SHIFTED;
    for (int i = 0; i < FourBitMatrix.GROUP; i += LANES) {
      FloatVector.fromArray(FLOATS, from, at + i)
          .mul(levels)
          .add(Curves.ROUNDING)
          .reinterpretAsInts()
          .intoArray(rounded, i);
    }
    int first = number * FourBitMatrix.GROUP;
    int sum = 0;
    for (int i = 0; i < FourBitMatrix.GROUP; i++) {
      short lowest = (short) rounded[i]; // the nearest whole number
      whole[first + i] = (lowest & 0xffff) * 0x10001;
      sum += lowest;
    }
    offsets[number] = (short) (-FourBitMatrix.ZERO * sum);
  }
}
