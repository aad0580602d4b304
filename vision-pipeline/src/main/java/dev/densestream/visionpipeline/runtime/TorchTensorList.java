package dev.densestream.visionpipeline.runtime;

import ai.djl.pytorch.jni.IValue;
import dev.densestream.visionpipeline.TensorList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A native list, and the tensors it took over. */
final class TorchTensorList implements TensorList {
  private final TorchRuntime runtime;
  private final IValue value;
  private final List<TorchTensor> tensors;
  private final AtomicBoolean closed = new AtomicBoolean();

  TorchTensorList(TorchRuntime runtime, IValue value, List<TorchTensor> tensors) {
    this.runtime = runtime;
    this.value = value;
    this.tensors = tensors;
    runtime.acquired();
  }

  /** Borrowed. */
  IValue value() {
    if (closed.get()) {
      throw new IllegalStateException("tensor list is closed");
    }
    return value;
  }

  /** Borrowed. */
  List<TorchTensor> tensors() {
    return tensors;
  }

  @Override
  public int size() {
    return tensors.size();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      value.close();
      runtime.released();
      tensors.forEach(TorchTensor::close);
    }
  }
}
