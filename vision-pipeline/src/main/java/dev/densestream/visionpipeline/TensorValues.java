package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * A tensor to be written.
 *
 * @param key in the file
 * @param shape sizes by dimension
 * @param values all elements, the last axis fastest; borrowed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record TensorValues(String key, long[] shape, float[] values) {
  public TensorValues {
    requireNonNull(key, "key is null");
    long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "values must be "
              + elements
              + " of shape "
              + Arrays.toString(shape)
              + ": was "
              + values.length);
    }
  }
}
