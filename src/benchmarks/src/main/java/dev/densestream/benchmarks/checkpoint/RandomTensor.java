package dev.densestream.benchmarks.checkpoint;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;

/** One tensor of a checkpoint, stored as bfloat16. */
record RandomTensor(String name, List<Long> shape, Content content) {
  enum Content {
    /** Keeps the scale of what it multiplies. */
    MATRIX,
    ONES,
    ZEROS
  }

  RandomTensor {
    requireNonNull(name, "name is null");
    requireNonNull(content, "content is null");
    shape = List.copyOf(shape);
  }

  /** {@code [rows, columns...]}. */
  static RandomTensor matrix(String name, long... shape) {
    return new RandomTensor(name, Arrays.stream(shape).boxed().toList(), Content.MATRIX);
  }

  /** A layer's weight {@code [out, in]} and bias {@code [out]}. */
  static List<RandomTensor> linear(String name, long out, long in) {
    return List.of(matrix(name + ".weight", out, in), zeros(name + ".bias", out));
  }

  static List<RandomTensor> norm(String name, long width) {
    return List.of(ones(name + ".weight", width), zeros(name + ".bias", width));
  }

  static RandomTensor ones(String name, long size) {
    return new RandomTensor(name, List.of(size), Content.ONES);
  }

  static RandomTensor zeros(String name, long size) {
    return new RandomTensor(name, List.of(size), Content.ZEROS);
  }

  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  long bytes() {
    return elements() * Short.BYTES;
  }

  /** Elements that make up one element of a product. */
  long fanIn() {
    return elements() / shape.getFirst();
  }
}
