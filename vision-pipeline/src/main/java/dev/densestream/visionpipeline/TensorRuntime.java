package dev.densestream.visionpipeline;

import java.util.List;

/**
 * The native tensor engine: compiles programs, makes tensors, counts what is alive.
 *
 * <p>Programs are text resources beside the Java class that owns them ({@code VitEncoder.ts} beside
 * {@code VitEncoder}); the dialect is TorchScript's serialised one.
 */
public interface TensorRuntime extends AutoCloseable {
  /**
   * Compiles a program. @throws TensorProgramException naming file and line when it does not
   * compile
   */
  TensorProgram compile(Class<?> owner, String resource);

  /** float32, row-major; the array is copied. */
  Tensor floats(float[] values, long... shape);

  /** int64, row-major; the array is copied. */
  Tensor longs(long[] values, long... shape);

  /** uint8, row-major; the array is copied. */
  Tensor bytes(byte[] values, long... shape);

  /** A native list of the tensors, which it takes over: closing the list closes them. */
  TensorList list(List<Tensor> tensors);

  /** Tensors, lists and programs made and not yet closed. */
  long liveHandles();

  /** Threads one operator may use. */
  int threads();

  @Override
  void close();
}
