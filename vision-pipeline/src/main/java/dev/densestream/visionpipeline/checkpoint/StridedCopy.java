package dev.densestream.visionpipeline.checkpoint;

import java.lang.foreign.MemorySegment;

/** Gathers the elements of a view, such as a transposed matrix, in row-major order. */
final class StridedCopy {
  private final StoredTensor tensor;
  private final MemorySegment from;
  private final MemorySegment to;
  private final int elementBytes;
  private long written;

  /**
   * @param from begins with the view's first element
   * @param to as large as all elements
   */
  StridedCopy(StoredTensor tensor, MemorySegment from, MemorySegment to) {
    this.tensor = tensor;
    this.from = from;
    this.to = to;
    elementBytes = tensor.type().bytes();
  }

  void run() {
    copy(0, 0);
  }

  /** Axes are few: the depth of this recursion is bounded by who made the tensor. */
  private void copy(int axis, long offset) {
    if (axis == tensor.shape().size()) {
      MemorySegment.copy(from, offset, to, written, elementBytes);
      written += elementBytes;
      return;
    }
    long step = tensor.strides().get(axis) * elementBytes;
    for (long i = 0; i < tensor.shape().get(axis); i++) {
      copy(axis + 1, offset + i * step);
    }
  }
}
