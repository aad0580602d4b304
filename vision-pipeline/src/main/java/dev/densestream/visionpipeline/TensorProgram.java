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
   *     or {@link Integer} (int), {@link Double} (float), {@link Boolean} or {@code long[]}
   *     (List[int])
   * @return owned by the caller
   * @throws TensorProgramException naming the program, the method and the line, when the program
   *     fails
   */
  Tensor call(String method, Object... arguments);

  /**
   * Runs a method that returns {@code List[Tensor]} or a tuple of tensors; each result is owned by
   * the caller.
   */
  List<Tensor> callForAll(String method, Object... arguments);

  /** Runs a method whose result, of whatever type, is only handed back to this program. */
  ProgramValue keep(String method, Object... arguments);

  @Override
  void close();
}
