package dev.densestream.visionpipeline.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where one tensor lies in a mapped file.
 *
 * @param strides elements between neighbours along each axis
 * @param begin first byte
 * @param end byte after the last one any element uses
 */
record StoredTensor(
    String key, StoredType type, List<Long> shape, List<Long> strides, long begin, long end) {
  StoredTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
  }

  /** A tensor whose elements lie one behind the other, the last axis fastest. */
  static StoredTensor dense(String key, StoredType type, List<Long> shape, long begin, long end) {
    return new StoredTensor(key, type, shape, denseStrides(shape), begin, end);
  }

  static List<Long> denseStrides(List<Long> shape) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (long size : shape.reversed()) {
      strides.add(stride);
      stride *= Math.max(size, 1); // may overflow where elements() is -1: nobody goes on then
    }
    Collections.reverse(strides);
    return strides;
  }

  /** Elements; -1 if no file could hold that many. */
  long elements() {
    long count = 1;
    for (long size : shape) {
      if (size != 0 && count > Long.MAX_VALUE / 16 / size) {
        return -1;
      }
      count *= size;
    }
    return count;
  }

  /** Bytes of all elements, which are more than lie between begin and end where rows are shared. */
  long bytes() {
    return elements() * type.bytes();
  }

  boolean isDense() {
    if (elements() == 0) {
      return true;
    }
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return false;
      }
      expected *= shape.get(axis);
    }
    return true;
  }
}
