package dev.densestream.benchmarks.gguf;

import java.util.List;

/**
 * One tensor of a model.
 *
 * @param shape fastest dimension first, as the format has it: a matrix is (inputs, outputs)
 * @param middle the mean of its values
 * @param spread its values lie evenly within this distance of the middle
 */
record GgufTensor(String name, GgufType type, List<Integer> shape, float middle, float spread) {
  private static final float WEIGHTS = 0.035f;

  GgufTensor {
    shape = List.copyOf(shape);
    if (shape.isEmpty() || shape.size() > 4 || shape.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(name + " has the shape " + shape);
    }
  }

  /** Weights small enough that the hidden states of a deep model stay finite. */
  static GgufTensor weights(String name, GgufType type, Integer... shape) {
    return new GgufTensor(name, type, List.of(shape), 0, WEIGHTS);
  }

  /** A normalisation's gain. */
  static GgufTensor ones(String name, int width) {
    return new GgufTensor(name, GgufType.F32, List.of(width), 1, 0);
  }

  /** A bias. */
  static GgufTensor zeros(String name, int width) {
    return new GgufTensor(name, GgufType.F32, List.of(width), 0, 0);
  }

  long elements() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  long bytes() {
    return Math.multiplyExact(elements(), (long) type.bytes());
  }
}
