package dev.densestream.visionpipeline;

import java.util.List;

/**
 * A compiled TorchScript program. Calls from several threads are allowed; a call never changes its
 * arguments unless the program's source says so.
 */
public interface TensorProgram extends AutoCloseable {
  /**
   * Runs a method that returns one tensor.
   *
   * @param arguments each a {@link Tensor}, {@link TensorList}, {@link ProgramValue}, {@link Long}
   *     or {@link Integer} (int), {@link Double} (float), {@link Boolean}, {@code long[]}
   *     (List[int]) or {@code double[]} (List[float])
   * @return owned by the caller
   * @throws MemoryExhaustedException when there is no memory for what it makes
   * @throws TensorProgramException naming the program, the method and the line, when the program
   *     fails
   */
  Tensor call(String method, Object... arguments);

  /**
   * Runs a method that returns {@code List[Tensor]} or a tuple of tensors; each result is owned by
   * the caller.
   */
  List<Tensor> callForAll(String method, Object... arguments);

  /**
   * Runs a method with gradients recorded, which the other ways of calling never do: it may call
   * {@code backward}, and tensors it makes may be learnt. Returns what {@link #callForAll} would,
   * and for a method that returns one tensor a list of it.
   *
   * @param arguments at least one, each a {@link Tensor} or a {@link TensorList} that is not empty;
   *     numbers go in as tensors
   */
  List<Tensor> learn(String method, Object... arguments);

  /** Runs a method whose result, of whatever type, is only handed back to this program. */
  ProgramValue keep(String method, Object... arguments);

  @Override
  void close();
}
