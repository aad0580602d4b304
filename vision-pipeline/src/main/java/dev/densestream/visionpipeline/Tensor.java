package dev.densestream.visionpipeline;

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

  /** Releases the native memory; later calls do nothing. */
  @Override
  void close();
}
