package dev.densestream.visionpipeline.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.densestream.visionpipeline.Tensor;
import java.util.List;

/**
 * One call with gradients recorded. The engine offers it for lists of named arrays alone: the names
 * say which method is called and which arrays make up a list.
 */
final class RecordedCall implements AutoCloseable {
  private final PtSymbolBlock module;
  private final TorchRuntime runtime;
  private final NDList arrays = new NDList();

  RecordedCall(PtSymbolBlock module, TorchRuntime runtime, String method, Object[] arguments) {
    this.module = module;
    this.runtime = runtime;
    for (int i = 0; i < arguments.length; i++) {
      add(arguments[i], i);
    }
    // Carries the name alone: its elements are not passed on.
    NDArray name = runtime.manager().create(0f);
    name.setName("module_method:" + method);
    arrays.add(name);
  }

  private void add(Object argument, int index) {
    switch (argument) {
      case TorchTensor tensor -> arrays.add(array(tensor));
      case TorchTensorList list ->
          list.tensors()
              .forEach(
                  tensor -> {
                    PtNDArray array = array(tensor);
                    array.setName("list" + index + "[]");
                    arrays.add(array);
                  });
      default ->
          throw new IllegalArgumentException("no argument type here: " + argument.getClass());
    }
  }

  private PtNDArray array(TorchTensor tensor) {
    return tensor.value().toTensor(runtime.manager());
  }

  List<Tensor> run() {
    JniUtils.setGradMode(true); // per thread, and off unless asked for
    try (NDList results = IValueUtils.forward(module, arrays, true)) {
      return results.stream().map(this::tensor).toList();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private Tensor tensor(NDArray result) {
    return new TorchTensor(runtime, IValue.from((PtNDArray) result));
  }

  @Override
  public void close() {
    arrays.close();
  }
}
