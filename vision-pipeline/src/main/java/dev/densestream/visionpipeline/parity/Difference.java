package dev.densestream.visionpipeline.parity;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorFile;
import java.util.Arrays;
import java.util.List;

/** Largest absolute difference; infinite for a wrong shape or anything that is no number. */
record Difference(double largest, String detail) {
  static Difference between(Tensor actual, TensorFile reference, String key) {
    List<Long> shape = Arrays.stream(actual.shape()).boxed().toList();
    if (!shape.equals(reference.shape(key))) {
      return new Difference(
          Double.POSITIVE_INFINITY, "shape " + shape + ", not " + reference.shape(key));
    }
    return between(actual.toFloats(), reference.floats(key));
  }

  static Difference between(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      return new Difference(
          Double.POSITIVE_INFINITY, actual.length + " values, not " + expected.length);
    }
    double largest = 0;
    int at = 0;
    for (int i = 0; i < actual.length; i++) {
      double error = Math.abs((double) actual[i] - expected[i]);
      if (!(error <= largest)) { // also true for NaN
        largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        at = i;
      }
    }
    return new Difference(largest, largest == 0 ? "" : "largest at element " + at);
  }

  Difference orWorse(Difference other, String otherDetail) {
    return other.largest > largest ? new Difference(other.largest, otherDetail) : this;
  }
}
