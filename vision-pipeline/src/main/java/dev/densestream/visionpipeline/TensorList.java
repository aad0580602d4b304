package dev.densestream.visionpipeline;

/**
 * A native {@code List[Tensor]}, made once and passed to each call by reference: a program's
 * weights, or a KV cache. The owner closes it, and with it the tensors it was made of.
 */
public interface TensorList extends AutoCloseable {
  int size();

  @Override
  void close();
}
