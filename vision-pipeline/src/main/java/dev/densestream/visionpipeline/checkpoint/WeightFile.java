package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.TensorFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A mapped file of either format, and where its tensors lie in it. */
public final class WeightFile implements TensorFile {
  private static final int LARGEST_BUFFER = Integer.MAX_VALUE - 7;
  private static final String FLOATS = "F32, F16 or BF16";

  private final String name;
  private final MemorySegment content;
  private final SortedMap<String, StoredTensor> tensors;

  WeightFile(String name, MemorySegment content, SortedMap<String, StoredTensor> tensors) {
    this.name = name;
    this.content = content;
    this.tensors = tensors;
  }

  /** Opens a file by the format its name tells: {@code .bin} is PyTorch's, all else safetensors. */
  public static WeightFile open(Path file) {
    String name = String.valueOf(file.getFileName());
    MemorySegment content = map(name, file);
    return name.endsWith(".bin")
        ? TorchFile.read(name, content)
        : SafetensorsFile.read(name, content);
  }

  private static MemorySegment map(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          name
              + " in "
              + file.toAbsolutePath().getParent()
              + " is missing or no file: download it too");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (IOException e) {
      throw new CheckpointException(name + " cannot be read", e);
    }
  }

  @Override
  public SortedSet<String> keys() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(tensors.keySet()));
  }

  @Override
  public List<Long> shape(String key) {
    return stored(key).shape();
  }

  StoredTensor stored(String key) {
    StoredTensor stored = tensors.get(key);
    if (stored == null) {
      throw new CheckpointException(name + " has no tensor " + Shown.text(key));
    }
    return stored;
  }

  /** All, as they lie in the file. */
  Stream<StoredTensor> inOrder() {
    return tensors.values().stream().sorted(Comparator.comparingLong(StoredTensor::begin));
  }

  boolean has(String key) {
    return tensors.containsKey(key);
  }

  String name() {
    return name;
  }

  /** The elements, cut between rows where one buffer cannot hold them. */
  List<ByteBuffer> rows(StoredTensor tensor) {
    MemorySegment elements = elements(tensor);
    long bytes = elements.byteSize();
    if (bytes <= LARGEST_BUFFER) {
      return List.of(buffer(elements));
    }
    long rowBytes = bytes / tensor.shape().getFirst();
    if (rowBytes > LARGEST_BUFFER) {
      throw new CheckpointException(name + ": a row of tensor " + tensor.key() + " is too large");
    }
    long step = LARGEST_BUFFER / rowBytes * rowBytes;
    List<ByteBuffer> pieces = new ArrayList<>();
    for (long at = 0; at < bytes; at += step) {
      pieces.add(buffer(elements.asSlice(at, Math.min(step, bytes - at))));
    }
    return pieces;
  }

  private static ByteBuffer buffer(MemorySegment elements) {
    return elements.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The elements one behind the other: in the mapping itself where they lie so and are aligned,
   * which both formats' writers see to and neither format enforces; else in memory of their own,
   * never on the heap.
   */
  MemorySegment elements(StoredTensor tensor) {
    MemorySegment stored = content.asSlice(tensor.begin(), tensor.end() - tensor.begin());
    if (tensor.isDense() && stored.address() % tensor.type().bytes() == 0) {
      return stored;
    }
    MemorySegment copy = Arena.ofAuto().allocate(tensor.bytes(), Long.BYTES);
    if (tensor.isDense()) {
      copy.copyFrom(stored);
    } else {
      new StridedCopy(tensor, stored, copy).run();
    }
    return copy;
  }

  @Override
  public float[] floats(String key) {
    StoredTensor stored = stored(key);
    float[] values = new float[count(stored)];
    MemorySegment from = elements(stored);
    switch (stored.type()) {
      case F32 ->
          MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] =
              Float.intBitsToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
        }
      }
      default -> throw wrongType(stored, FLOATS);
    }
    return values;
  }

  @Override
  public long[] longs(String key) {
    StoredTensor stored = stored(key);
    if (stored.type() != StoredType.I64) {
      throw wrongType(stored, "I64");
    }
    long[] values = new long[count(stored)];
    MemorySegment.copy(
        elements(stored), ValueLayout.JAVA_LONG_UNALIGNED, 0, values, 0, values.length);
    return values;
  }

  @Override
  public byte[] bytes(String key) {
    StoredTensor stored = stored(key);
    if (stored.type() != StoredType.U8) {
      throw wrongType(stored, "U8");
    }
    count(stored);
    return elements(stored).toArray(ValueLayout.JAVA_BYTE);
  }

  private int count(StoredTensor stored) {
    if (stored.elements() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(
          name + ": tensor " + stored.key() + " is too large for an array");
    }
    return (int) stored.elements();
  }

  CheckpointException wrongType(StoredTensor stored) {
    return wrongType(stored, FLOATS);
  }

  private CheckpointException wrongType(StoredTensor stored, String must) {
    return new CheckpointException(
        name + ": tensor " + stored.key() + " must be " + must + ": was " + stored.type());
  }
}
