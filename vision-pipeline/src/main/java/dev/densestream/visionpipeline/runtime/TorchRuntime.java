package dev.densestream.visionpipeline.runtime;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.ProgramTexts;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorProgramException;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensor runtime on DJL's PyTorch engine. */
public final class TorchRuntime implements TensorRuntime {
  private static final Logger log = LoggerFactory.getLogger(TorchRuntime.class);

  private static final Pattern GPU = Pattern.compile("gpu(\\d{1,3})");

  private final RuntimeSettings settings;
  private final PtNDManager manager;
  private final Border border;
  private final AtomicLong handles = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  private TorchRuntime(RuntimeSettings settings, PtNDManager manager) {
    this.settings = settings;
    this.manager = manager;
    this.border =
        new Border(
            manager,
            load(
                ProgramSource.read(ProgramTexts.of(TorchRuntime.class, "Border.torch"), List.of()),
                () -> {}));
  }

  public static TensorRuntime open(RuntimeSettings settings) {
    PtNDManager manager = startEngine(settings.device());
    JniUtils.setNumThreads(settings.threads());
    return new TorchRuntime(settings, manager);
  }

  /**
   * The engine looks for its natives and its provider through the thread's class loader, which on a
   * pool's thread need not be the one of a nested jar.
   */
  private static PtNDManager startEngine(String device) {
    NativeEnvironment.prepare();
    System.setProperty("ai.djl.offline", "true"); // never fetch natives
    System.setProperty("OPT_OUT_TRACKING", "true"); // never report the start to anybody
    System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(TorchRuntime.class.getClassLoader());
    try {
      Engine engine = Engine.getEngine("PyTorch");
      return (PtNDManager) engine.newBaseManager(device(engine, device));
    } catch (EngineException e) {
      throw new IllegalStateException(
          "the tensor engine did not start: its natives for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " are missing, or their cache folder cannot be written",
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Device device(Engine engine, String name) {
    if (name.equals(RuntimeSettings.CPU)) {
      return Device.cpu(); // without asking drivers for accelerators
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw new DeviceMissingException(
          "there is no device " + name + ": name cpu, or gpu0 and so on");
    }
    int number = Integer.parseInt(gpu.group(1));
    int count = engine.getGpuCount();
    if (number >= count) {
      throw new DeviceMissingException(
          "device "
              + name
              + " is not available: the engine finds "
              + count
              + " GPUs; it needs PyTorch's libraries for CUDA, named by PYTORCH_LIBRARY_PATH"
              + " (src/docs/deployment.md), or take cpu");
    }
    return Device.gpu(number);
  }

  @Override
  public TensorProgram compile(ProgramTexts own, List<ProgramTexts> used) {
    TorchProgram program = load(ProgramSource.read(own, used), this::released);
    acquired();
    return program;
  }

  private TorchProgram load(ProgramSource source, Runnable onClose) {
    byte[] archive = ProgramArchive.of(source.asClass());
    try {
      JniUtils.setGraphExecutorOptimize(false);
      PtSymbolBlock module =
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
      return new TorchProgram(source, module, this, onClose);
    } catch (EngineException e) {
      throw source.compileError(e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  @Override
  public Tensor floats(float[] values, long... shape) {
    return new TorchTensor(
        this,
        border.fill(DataType.FLOAT32, shape, values.length, to -> to.asFloatBuffer().put(values)));
  }

  @Override
  public Tensor longs(long[] values, long... shape) {
    return new TorchTensor(
        this,
        border.fill(DataType.INT64, shape, values.length, to -> to.asLongBuffer().put(values)));
  }

  @Override
  public Tensor bytes(byte[] values, long... shape) {
    return new TorchTensor(
        this, border.fill(DataType.UINT8, shape, values.length, to -> to.put(values)));
  }

  @Override
  public Tensor weight(
      List<ByteBuffer> rows, ElementType stored, Precision precision, long... shape) {
    if (rows.size() == 1 && border.keepsPlace(stored, precision)) {
      return new TorchTensor(
          this, border.weight(rows.getFirst(), stored, precision, shape), List.copyOf(rows));
    }
    Tensor copy = copied(rows, stored, precision, shape);
    MappedPages.letGo(rows);
    return copy;
  }

  @Override
  public Tensor reserve(Precision precision, long... shape) {
    return new TorchTensor(this, border.reserve(precision, shape));
  }

  private Tensor copied(
      List<ByteBuffer> rows, ElementType stored, Precision precision, long... shape) {
    if (rows.size() == 1) {
      return new TorchTensor(this, border.weight(rows.getFirst(), stored, precision, shape));
    }
    List<IValue> pieces = new ArrayList<>();
    try {
      for (ByteBuffer piece : rows) {
        pieces.add(border.weight(piece, stored, precision, pieceShape(piece, stored, shape)));
      }
      return new TorchTensor(this, border.joinRows(pieces));
    } finally {
      pieces.forEach(IValue::close);
    }
  }

  private static long[] pieceShape(ByteBuffer piece, ElementType stored, long[] shape) {
    long rowBytes = stored.bytes();
    for (int axis = 1; axis < shape.length; axis++) {
      rowBytes *= shape[axis];
    }
    long[] pieceShape = shape.clone();
    pieceShape[0] = piece.remaining() / rowBytes;
    return pieceShape;
  }

  @Override
  public TensorList list(List<Tensor> tensors) {
    List<TorchTensor> taken = tensors.stream().map(TorchTensor.class::cast).toList();
    return new TorchTensorList(
        this, border.list(taken.stream().map(TorchTensor::value).toList()), taken);
  }

  @Override
  public void trim() {
    NativeEnvironment.trim();
  }

  Border border() {
    return border;
  }

  PtNDManager manager() {
    return manager;
  }

  void acquired() {
    handles.incrementAndGet();
  }

  void released() {
    handles.decrementAndGet();
  }

  @Override
  public long liveHandles() {
    return handles.get();
  }

  @Override
  public int threads() {
    return settings.threads();
  }

  @Override
  public boolean onGpu() {
    return manager.getDevice().isGpu();
  }

  @Override
  public void goApart() {
    if (!onGpu()) {
      return;
    }
    border.awaitDevice();
    ProgramSource source =
        ProgramSource.read(ProgramTexts.of(TorchRuntime.class, "OwnStream.torch"), List.of());
    try (TorchProgram program = load(source, () -> {});
        IValue near = border.onDevice()) {
      program.run("go_apart", near).close();
    } catch (TensorProgramException e) {
      log.info("threads take turns on the GPU: {}", e.getMessage());
    }
  }

  @Override
  public void await() {
    if (onGpu()) {
      border.awaitDevice();
    }
  }

  /** Closes what this runtime owns itself; what callers own stays valid, and is told about. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (handles.get() != 0) {
      log.warn("tensor runtime closed with {} native handles still open", handles.get());
    }
    border.close();
    manager.close();
  }
}
