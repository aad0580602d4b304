package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.TensorList;

/**
 * Keys and values of one sequence, written in place: room for {@link #capacity()} rows, of which
 * the first {@link #length()} are filled. Owned by whoever asked for it, who closes it.
 */
public final class KvCache implements AutoCloseable {
  private final TensorList tensors;
  private final int capacity;
  private int length;

  KvCache(TensorList tensors, int capacity) {
    this.tensors = tensors;
    this.capacity = capacity;
  }

  TensorList tensors() {
    return tensors;
  }

  public int capacity() {
    return capacity;
  }

  public int length() {
    return length;
  }

  /** Counts rows as filled. @throws IllegalStateException if there is no room for so many */
  int reserve(int rows) {
    if (length + rows > capacity) {
      throw new IllegalStateException(
          "KV cache must have room for " + (length + rows) + " rows: has " + capacity);
    }
    int past = length;
    length += rows;
    return past;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
