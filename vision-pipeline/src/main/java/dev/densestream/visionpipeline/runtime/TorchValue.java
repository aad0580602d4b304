package dev.densestream.visionpipeline.runtime;

import ai.djl.pytorch.jni.IValue;
import dev.densestream.visionpipeline.ProgramValue;
import java.util.concurrent.atomic.AtomicBoolean;

/** One counted reference to a native value of any type. */
final class TorchValue implements ProgramValue {
  private final TorchRuntime runtime;
  private final IValue value;
  private final AtomicBoolean closed = new AtomicBoolean();

  TorchValue(TorchRuntime runtime, IValue value) {
    this.runtime = runtime;
    this.value = value;
    runtime.acquired();
  }

  /** Borrowed. */
  IValue value() {
    if (closed.get()) {
      throw new IllegalStateException("program value is closed");
    }
    return value;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      value.close();
      runtime.released();
    }
  }
}
