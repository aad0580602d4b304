package dev.densestream.visionpipeline.reference;

import java.util.function.DoubleUnaryOperator;

/** Rows by columns, double precision, one loop per formula. */
@SuppressWarnings("ArrayRecordComponent") // test arithmetic, never compared
public record Matrix(int rows, int columns, double[] values) {
  public static Matrix zero(int rows, int columns) {
    return new Matrix(rows, columns, new double[rows * columns]);
  }

  public double at(int row, int column) {
    return values[row * columns + column];
  }

  public void set(int row, int column, double value) {
    values[row * columns + column] = value;
  }

  public Matrix plus(Matrix other) {
    Matrix sum = zero(rows, columns);
    for (int i = 0; i < values.length; i++) {
      sum.values[i] = values[i] + other.values[i];
    }
    return sum;
  }

  public Matrix map(DoubleUnaryOperator each) {
    Matrix result = zero(rows, columns);
    for (int i = 0; i < values.length; i++) {
      result.values[i] = each.applyAsDouble(values[i]);
    }
    return result;
  }

  /** Weight {@code [out, in]}. */
  public Matrix linear(double[] weight, double[] bias) {
    Matrix result = zero(rows, bias.length);
    for (int row = 0; row < rows; row++) {
      for (int out = 0; out < bias.length; out++) {
        double sum = bias[out];
        for (int in = 0; in < columns; in++) {
          sum += at(row, in) * weight[out * columns + in];
        }
        result.set(row, out, sum);
      }
    }
    return result;
  }

  public Matrix norm(double[] weight, double[] bias, double eps) {
    Matrix result = zero(rows, columns);
    for (int row = 0; row < rows; row++) {
      double mean = 0;
      for (int column = 0; column < columns; column++) {
        mean += at(row, column) / columns;
      }
      double variance = 0;
      for (int column = 0; column < columns; column++) {
        variance += (at(row, column) - mean) * (at(row, column) - mean) / columns;
      }
      for (int column = 0; column < columns; column++) {
        double normal = (at(row, column) - mean) / Math.sqrt(variance + eps);
        result.set(row, column, normal * weight[column] + bias[column]);
      }
    }
    return result;
  }

  public Matrix rows(int from, int to) {
    Matrix result = zero(to - from, columns);
    System.arraycopy(values, from * columns, result.values, 0, result.values.length);
    return result;
  }

  /** Side by side. */
  public Matrix beside(Matrix other) {
    Matrix result = zero(rows, columns + other.columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result.set(row, column, at(row, column));
      }
      for (int column = 0; column < other.columns; column++) {
        result.set(row, columns + column, other.at(row, column));
      }
    }
    return result;
  }

  /** One below the other. */
  public Matrix above(Matrix other) {
    Matrix result = zero(rows + other.rows, columns);
    System.arraycopy(values, 0, result.values, 0, values.length);
    System.arraycopy(other.values, 0, result.values, values.length, other.values.length);
    return result;
  }

  /** Means of {@code size} rows each, what remains dropped. */
  public Matrix rowMeans(int size) {
    Matrix result = zero(rows / size, columns);
    for (int row = 0; row < result.rows * size; row++) {
      for (int column = 0; column < columns; column++) {
        result.values[row / size * columns + column] += at(row, column) / size;
      }
    }
    return result;
  }
}
