package dev.densestream.visionpipeline.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that floats pass through on their way to a GPU or from it, several times as fast as from
 * where Java has them. Made when it is first wanted, of the largest size asked for so far, and
 * never given back before the end.
 */
final class Pinned {
  /** Elements beyond which it is not used: 256 MB. */
  static final int MOST = 1 << 26;

  /** Elements below which it is not worth it. */
  static final int LEAST = 1 << 14;

  private final PtNDManager manager;
  private final TorchProgram program;
  private @Nullable IValue memory;
  private int capacity;

  Pinned(PtNDManager manager, TorchProgram program) {
    this.manager = manager;
    this.program = program;
  }

  static boolean takes(int elements) {
    return elements >= LEAST && elements <= MOST;
  }

  /**
   * To the GPU.
   *
   * @param near a tensor there
   */
  synchronized IValue send(int elements, long[] shape, Consumer<ByteBuffer> fill, IValue near) {
    IValue pinned = room(elements);
    fill.accept(bytes(pinned));
    return program.run("from_pinned", pinned, near, elements, shape);
  }

  /** From the GPU. */
  synchronized void fetch(IValue value, int elements, Consumer<FloatBuffer> take) {
    IValue pinned = room(elements);
    program.run("to_pinned", value, pinned).close();
    take.accept(bytes(pinned).asFloatBuffer());
  }

  private IValue room(int elements) {
    IValue there = memory;
    if (there != null && capacity >= elements) {
      return there;
    }
    close();
    IValue made = program.run("pinned", elements);
    memory = made;
    capacity = elements;
    return made;
  }

  private ByteBuffer bytes(IValue pinned) {
    try (PtNDArray array = pinned.toTensor(manager)) {
      return array.toByteBuffer(true);
    }
  }

  synchronized void close() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }
}
