package dev.densestream.visionpipeline;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A native tensor handle with exactly one owner, who closes it. Element types other than float32,
 * int64 and uint8 stay inside programs: reading such a tensor here is refused.
 */
public interface Tensor extends AutoCloseable {
  /** Sizes by dimension. */
  long[] shape();

  /**
   * A copy of all elements, row-major. @throws IllegalStateException unless the element type is
   * float32
   */
  float[] toFloats();

  /**
   * A copy of all elements, row-major. @throws IllegalStateException unless the element type is
   * int64
   */
  long[] toLongs();

  /**
   * A copy of all elements, row-major. @throws IllegalStateException unless the element type is
   * uint8
   */
  byte[] toBytes();

  /**
   * The elements where they lie, row-major, not copied: for reading and writing until the tensor is
   * closed, or the list that has taken it over. Empty where that is not in this process's memory,
   * or takes more than one buffer, 2 GiB. The tensor must not be a view that leaves elements out.
   */
  Optional<MemorySegment> memory();

  /** Releases the native memory; later calls do nothing. */
  @Override
  void close();
}
