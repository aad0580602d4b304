package dev.densestream.visionpipeline.runtime;

import ai.djl.pytorch.jni.IValue;
import dev.densestream.visionpipeline.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One counted reference to a native tensor. */
final class TorchTensor implements Tensor {
  private final TorchRuntime runtime;
  private final IValue value;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Memory the tensor lies in but does not own; kept reachable as long as this is. */
  private final List<ByteBuffer> memory;

  TorchTensor(TorchRuntime runtime, IValue value) {
    this(runtime, value, List.of());
  }

  TorchTensor(TorchRuntime runtime, IValue value, List<ByteBuffer> memory) {
    this.runtime = runtime;
    this.value = value;
    this.memory = memory;
    runtime.acquired();
  }

  /** Borrowed. */
  IValue value() {
    if (closed.get()) {
      throw new IllegalStateException("tensor is closed");
    }
    return value;
  }

  @Override
  public long[] shape() {
    return runtime.border().shape(value());
  }

  @Override
  public float[] toFloats() {
    return runtime.border().floats(value());
  }

  @Override
  public long[] toLongs() {
    return runtime.border().longs(value());
  }

  @Override
  public byte[] toBytes() {
    return runtime.border().bytes(value());
  }

  @Override
  public Optional<MemorySegment> memory() {
    return runtime.border().memory(value());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      value.close();
      runtime.released();
      MappedPages.letGo(memory);
    }
  }

  @Override
  public String toString() {
    return closed.get() ? "Tensor[closed]" : "Tensor" + Arrays.toString(shape());
  }
}
