package dev.densestream.visionpipeline.runtime;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.MemoryExhaustedException;
import dev.densestream.visionpipeline.Precision;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Copies elements between Java and the engine. Element types are asked of a program, never of DJL.
 */
final class Border {
  private static final int UINT8 = 0;
  private static final int INT64 = 4;
  private static final int FLOAT32 = 6;

  /**
   * Of an element of each type that takes fewer than 8: uint8, int8, int16, int32, halves, float32.
   */
  private static final Map<Long, Integer> BYTES =
      Map.of(0L, 1, 1L, 1, 2L, 2, 3L, 4, 5L, 2, 6L, 4, 15L, 2);

  private final PtNDManager manager;
  private final TorchProgram program;
  private final Pinned up;
  private final Pinned down;

  Border(PtNDManager manager, TorchProgram program) {
    this.manager = manager;
    this.program = program;
    this.up = new Pinned(manager, program);
    this.down = new Pinned(manager, program);
  }

  long[] shape(IValue value) {
    try (PtNDArray array = value.toTensor(manager)) {
      return array.getShape().getShape();
    }
  }

  float[] floats(IValue value) {
    requireType(value, FLOAT32, "float32");
    float[] elements = new float[elements(value, Float.BYTES)];
    if (manager.getDevice().isGpu() && Pinned.takes(elements.length)) {
      awaitDevice(); // so that nobody waits for this thread's work to read something else
      down.fetch(value, elements.length, numbers -> numbers.get(elements));
      return elements;
    }
    read(value, elements.length, bytes -> bytes.asFloatBuffer().get(elements));
    return elements;
  }

  long[] longs(IValue value) {
    requireType(value, INT64, "int64");
    long[] elements = new long[elements(value, Long.BYTES)];
    read(value, elements.length, bytes -> bytes.asLongBuffer().get(elements));
    return elements;
  }

  byte[] bytes(IValue value) {
    requireType(value, UINT8, "uint8");
    byte[] elements = new byte[elements(value, Byte.BYTES)];
    read(value, elements.length, bytes -> bytes.get(elements));
    return elements;
  }

  private void requireType(IValue value, int type, String name) {
    try (IValue actual = program.run("element_type", value)) {
      if (actual.toLong() != type) {
        throw new IllegalStateException(
            "tensor is not " + name + ": its element type has number " + actual.toLong());
      }
    }
  }

  private int elements(IValue value, int bytesEach) {
    long count = Arrays.stream(shape(value)).reduce(1, Math::multiplyExact);
    if (count > Integer.MAX_VALUE / bytesEach) {
      throw new IllegalStateException("tensor is too large for one array: " + count + " elements");
    }
    return (int) count;
  }

  Optional<MemorySegment> memory(IValue value) {
    try (PtNDArray array = value.toTensor(manager)) {
      long elements = array.getShape().size();
      if (elements == 0) {
        return Optional.of(MemorySegment.NULL); // no memory behind it
      }
      if (manager.getDevice().isGpu() || elements > Integer.MAX_VALUE / bytesOfOne(value)) {
        return Optional.empty();
      }
      return Optional.of(MemorySegment.ofBuffer(array.toByteBuffer(true)));
    }
  }

  private int bytesOfOne(IValue value) {
    try (IValue type = program.run("element_type", value)) {
      return BYTES.getOrDefault(type.toLong(), Long.BYTES);
    }
  }

  private void read(IValue value, int elements, Consumer<ByteBuffer> copy) {
    if (elements == 0) {
      return; // no memory behind it
    }
    try (IValue host = program.run("to_host", value);
        PtNDArray array = host.toTensor(manager)) {
      copy.accept(array.toByteBuffer(true));
    }
  }

  /** Into memory of the engine's own, so that views of it stay valid by themselves. */
  IValue fill(DataType type, long[] shape, int elements, Consumer<ByteBuffer> copy) {
    long expected = LongStream.of(shape).reduce(1, Math::multiplyExact);
    if (expected != elements) {
      throw new IllegalArgumentException(
          "values must be " + Arrays.toString(shape) + ": was " + elements);
    }
    if (manager.getDevice().isGpu()) {
      return copyToDevice(type, shape, copy);
    }
    try (PtNDArray array = manager.create(new Shape(shape), type)) {
      if (elements > 0) {
        copy.accept(array.toByteBuffer(true));
      }
      return IValue.from(array);
    }
  }

  private IValue copyToDevice(DataType type, long[] shape, Consumer<ByteBuffer> copy) {
    Shape size = new Shape(shape);
    if (type == DataType.FLOAT32 && size.size() <= Pinned.MOST && Pinned.takes((int) size.size())) {
      awaitDevice(); // as above
      try (IValue near = onDevice()) {
        return up.send((int) size.size(), shape, copy, near);
      }
    }
    ByteBuffer host = manager.allocateDirect(Math.toIntExact(size.size() * type.getNumOfBytes()));
    copy.accept(host.duplicate().order(host.order()));
    return wrap(host, type, shape);
  }

  /** Until the device has done what was asked of it. */
  void awaitDevice() {
    try (IValue any = onDevice()) {
      program.run("after_all", any).close();
    }
  }

  /** Some tensor where tensors lie. */
  IValue onDevice() {
    try (PtNDArray array = manager.create(new Shape(1), DataType.FLOAT32)) {
      return IValue.from(array);
    }
  }

  /** Over the buffer's memory on a CPU; a copy elsewhere. */
  private IValue wrap(Buffer buffer, DataType type, long[] shape) {
    try (PtNDArray array = manager.create(buffer, new Shape(shape), type)) {
      return IValue.from(array);
    }
  }

  /** Whether a weight stays in the memory it is in: it is there as it is wanted. */
  boolean keepsPlace(ElementType stored, Precision precision) {
    return !manager.getDevice().isGpu() && stored == precision.elementType();
  }

  /** One weight, or some rows of one. */
  IValue weight(ByteBuffer bytes, ElementType stored, Precision precision, long[] shape) {
    try (IValue raw = stored(bytes, stored, shape)) {
      return switch (precision.elementType()) { // the same memory if it is of that type already
        case FP32 -> program.run("to_float32", raw);
        case FP16 -> program.run("to_float16", raw);
        case BF16 -> program.run("to_bfloat16", raw);
      };
    }
  }

  private IValue stored(ByteBuffer bytes, ElementType stored, long[] shape) {
    return switch (stored) {
      case FP32 -> wrap(bytes, DataType.FLOAT32, shape);
      case FP16 -> wrap(bytes, DataType.FLOAT16, shape);
      case BF16 -> {
        try (IValue halves = wrap(bytes, DataType.FLOAT16, shape)) {
          yield program.run("bfloat16_in_place", halves, shape, strides(shape));
        }
      }
    };
  }

  /** Memory that nobody has written to. */
  IValue reserve(Precision precision, long[] shape) {
    ElementType type = precision.elementType();
    boolean wide = type == ElementType.FP32;
    Shape size = new Shape(shape);
    try (PtNDArray array = unwritten(size, wide ? DataType.FLOAT32 : DataType.FLOAT16);
        IValue untyped = IValue.from(array)) {
      long bytes = size.size() * type.bytes();
      if (!manager.getDevice().isGpu() && bytes <= Integer.MAX_VALUE) {
        NativeEnvironment.keepPagesSmall(array.toByteBuffer(true));
      }
      return switch (type) {
        case FP32 -> program.run("to_float32", untyped);
        case FP16 -> program.run("to_float16", untyped);
        case BF16 -> program.run("bfloat16_in_place", untyped, shape, strides(shape));
      };
    }
  }

  private PtNDArray unwritten(Shape size, DataType type) {
    try {
      return manager.create(size, type);
    } catch (EngineException e) {
      if (ProgramSource.tellsOfNoMemory(e)) {
        throw new MemoryExhaustedException("no memory for a tensor " + size, e);
      }
      throw e;
    }
  }

  /** Row-major. */
  private static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }

  IValue joinRows(List<IValue> pieces) {
    try (IValue list = list(pieces)) {
      return program.run("join_rows", list);
    }
  }

  IValue list(List<IValue> values) {
    PtNDArray[] arrays =
        values.stream().map(value -> value.toTensor(manager)).toArray(PtNDArray[]::new);
    try {
      return IValue.listFrom(arrays);
    } finally {
      Arrays.stream(arrays).forEach(PtNDArray::close);
    }
  }

  void close() {
    up.close();
    down.close();
    program.close();
  }
}
