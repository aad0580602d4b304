package dev.densestream.visionpipeline.runtime;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.densestream.visionpipeline.ProgramValue;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A compiled module, owned by whoever compiled it. */
final class TorchProgram implements TensorProgram {
  private final ProgramSource source;
  private final PtSymbolBlock module;
  private final TorchRuntime runtime;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  TorchProgram(ProgramSource source, PtSymbolBlock module, TorchRuntime runtime, Runnable onClose) {
    this.source = source;
    this.module = module;
    this.runtime = runtime;
    this.onClose = onClose;
  }

  @Override
  public Tensor call(String method, Object... arguments) {
    IValue result = run(method, arguments);
    if (!result.isTensor()) {
      String type = result.getType();
      result.close();
      throw new IllegalStateException(where(method) + " returns " + type + ", not one tensor");
    }
    return new TorchTensor(runtime, result);
  }

  @Override
  public List<Tensor> callForAll(String method, Object... arguments) {
    try (IValue result = run(method, arguments)) {
      if (!result.isList() && !result.isTuple()) {
        throw new IllegalStateException(where(method) + " returns " + result.getType());
      }
      IValue[] items = result.isTuple() ? result.toIValueTuple() : result.toIValueArray();
      return Arrays.stream(items).<Tensor>map(item -> new TorchTensor(runtime, item)).toList();
    }
  }

  @Override
  public List<Tensor> learn(String method, Object... arguments) {
    requireOpen();
    try (RecordedCall call = new RecordedCall(module, runtime, method, arguments)) {
      JniUtils.setGraphExecutorOptimize(false);
      return call.run();
    } catch (EngineException e) {
      throw source.runError(method, e);
    } finally {
      Reference.reachabilityFence(arguments);
    }
  }

  @Override
  public ProgramValue keep(String method, Object... arguments) {
    return new TorchValue(runtime, run(method, arguments));
  }

  /** The result belongs to the caller. */
  IValue run(String method, Object... arguments) {
    requireOpen();
    List<IValue> passing = new ArrayList<>();
    try {
      IValue[] values = new IValue[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(arguments[i], passing);
      }
      // Per thread in the engine: its profiling executor would compile again for each new shape.
      JniUtils.setGraphExecutorOptimize(false);
      return IValueUtils.runMethod(module, method, values);
    } catch (EngineException e) {
      throw source.runError(method, e);
    } finally {
      passing.forEach(IValue::close);
      Reference.reachabilityFence(arguments); // they keep mapped memory alive
    }
  }

  /**
   * @param passing gets the values made for this call alone
   */
  private static IValue value(Object argument, List<IValue> passing) {
    IValue made =
        switch (argument) {
          case TorchTensor tensor -> tensor.value();
          case TorchTensorList list -> list.value();
          case TorchValue kept -> kept.value();
          case IValue value -> value;
          case Long number -> IValue.from(number);
          case Integer number -> IValue.from(number.longValue());
          case Double number -> IValue.from(number);
          case Boolean flag -> IValue.from(flag);
          case long[] numbers -> IValue.listFrom(numbers);
          case double[] numbers -> IValue.listFrom(numbers);
          default -> throw new IllegalArgumentException("no argument type: " + argument.getClass());
        };
    boolean list = argument instanceof long[] || argument instanceof double[];
    if (argument instanceof Number || argument instanceof Boolean || list) {
      passing.add(made);
    }
    return made;
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("program " + source.resource() + " is closed");
    }
  }

  private String where(String method) {
    return "program " + source.resource() + ", method " + method;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      module.close();
      onClose.run();
    }
  }
}
