package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.runtime.TorchRuntime;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The native tensor engine: compiles programs, makes tensors, counts what is alive.
 *
 * <p>Programs are text resources beside the Java class that owns them ({@code VisionTower.torch}
 * beside {@code VisionTower}): a list of typed functions that call each other by name, nothing
 * else. The dialect is TorchScript's serialised one, with element types also by name ({@code
 * torch.bfloat16}).
 */
public interface TensorRuntime extends AutoCloseable {
  /**
   * Starts the engine, or joins the one this process has started before.
   *
   * @throws DeviceMissingException if it does not have the device
   */
  static TensorRuntime open(RuntimeSettings settings) {
    return TorchRuntime.open(settings);
  }

  /**
   * Compiles a program.
   *
   * @param parts more texts of the same program, where it has functions that differ by use
   * @throws TensorProgramException naming file and line when it does not compile
   */
  default TensorProgram compile(Class<?> owner, String resource, String... parts) {
    return compile(ProgramTexts.of(owner, resource, parts), List.of());
  }

  /**
   * Compiles a program that calls functions of others, as {@code Owner.function}.
   *
   * @throws TensorProgramException naming file and line when it does not compile
   */
  TensorProgram compile(ProgramTexts own, List<ProgramTexts> used);

  /** float32, row-major; the array is copied. */
  Tensor floats(float[] values, long... shape);

  /** int64, row-major; the array is copied. */
  Tensor longs(long[] values, long... shape);

  /** uint8, row-major; the array is copied. */
  Tensor bytes(byte[] values, long... shape);

  /**
   * A weight over bytes that already lie in native memory, such as a mapped file: on a processor
   * not copied where it is stored as the precision has it, converted once otherwise.
   *
   * @param rows direct little-endian buffers that joined along the first axis make up the tensor;
   *     more than one where a single buffer cannot hold it. Nobody writes to them afterwards
   */
  Tensor weight(List<ByteBuffer> rows, ElementType stored, Precision precision, long... shape);

  /**
   * A tensor of any values, whose memory is taken from the system only as it is written to, a small
   * page at a time: for a pool that is seldom full.
   */
  Tensor reserve(Precision precision, long... shape);

  /** A native list of the tensors, which it takes over: closing the list closes them. */
  TensorList list(List<Tensor> tensors);

  /**
   * Gives memory of closed tensors back to the system, which otherwise is kept for the next ones:
   * for after something that took much more than what follows, such as loading.
   */
  void trim();

  /** Tensors, lists and programs made and not yet closed. */
  long liveHandles();

  /** Threads one operator may use. */
  int threads();

  /** Whether tensors lie in a GPU's memory, and programs run there. */
  boolean onGpu();

  /**
   * Lets a GPU do what this thread asks for beside what other threads ask for, from now on; what
   * anybody has asked for before is done first. Tensors that lie there must not pass between
   * threads that have gone apart. Elsewhere nothing happens.
   */
  void goApart();

  /**
   * Waits until everything that this thread asked for is done: a GPU takes orders faster than it
   * carries them out. Reading a tensor waits by itself.
   */
  void await();

  @Override
  void close();
}
