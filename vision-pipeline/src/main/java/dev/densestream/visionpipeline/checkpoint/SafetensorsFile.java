package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.TensorFile;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** A mapped file: 8 bytes of header length, the header, the elements. */
public final class SafetensorsFile implements TensorFile {
  /** As the format's own library has it. */
  private static final long LARGEST_HEADER = 100_000_000;

  private static final int LARGEST_BUFFER = Integer.MAX_VALUE - 7;

  private final String name;
  private final MemorySegment elements;
  private final SortedMap<String, StoredTensor> tensors;

  private SafetensorsFile(
      String name, MemorySegment elements, SortedMap<String, StoredTensor> tensors) {
    this.name = name;
    this.elements = elements;
    this.tensors = tensors;
  }

  public static SafetensorsFile open(Path file) {
    String name = String.valueOf(file.getFileName());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long headerBytes = headerBytes(name, channel, size);
      byte[] header = read(channel, 8, (int) headerBytes);
      long begin = 8 + headerBytes;
      SortedMap<String, StoredTensor> tensors = SafetensorsHeader.parse(name, header, size - begin);
      MemorySegment elements =
          channel.map(FileChannel.MapMode.READ_ONLY, begin, size - begin, Arena.ofAuto());
      return new SafetensorsFile(name, elements, tensors);
    } catch (IOException e) {
      throw new CheckpointException(name + " cannot be read", e);
    }
  }

  private static long headerBytes(String name, FileChannel channel, long size) throws IOException {
    if (size < 8) {
      throw new CheckpointException(name + " is too short for a safetensors file");
    }
    long headerBytes =
        ByteBuffer.wrap(read(channel, 0, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerBytes < 2 || headerBytes > LARGEST_HEADER || headerBytes > size - 8) {
      throw new CheckpointException(
          name
              + ": header must have 2 to "
              + Math.min(LARGEST_HEADER, size - 8)
              + " bytes: was "
              + Long.toUnsignedString(headerBytes));
    }
    return headerBytes;
  }

  private static byte[] read(FileChannel channel, long position, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("file became shorter");
      }
    }
    return content;
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
      throw new CheckpointException(name + " has no tensor " + key);
    }
    return stored;
  }

  String name() {
    return name;
  }

  /** The elements, cut between rows where one buffer cannot hold them. */
  List<ByteBuffer> rows(StoredTensor tensor) {
    long bytes = tensor.end() - tensor.begin();
    if (bytes <= LARGEST_BUFFER) {
      return List.of(piece(tensor, tensor.begin(), bytes));
    }
    long rowBytes = bytes / tensor.shape().getFirst();
    if (rowBytes > LARGEST_BUFFER) {
      throw new CheckpointException(name + ": a row of tensor " + tensor.key() + " is too large");
    }
    long step = LARGEST_BUFFER / rowBytes * rowBytes;
    List<ByteBuffer> pieces = new ArrayList<>();
    for (long at = tensor.begin(); at < tensor.end(); at += step) {
      pieces.add(piece(tensor, at, Math.min(step, tensor.end() - at)));
    }
    return pieces;
  }

  /** Mapped where elements are aligned, which the format asks for but does not enforce. */
  private ByteBuffer piece(StoredTensor tensor, long begin, long bytes) {
    MemorySegment piece = elements.asSlice(begin, bytes);
    if (piece.address() % tensor.type().bytes() == 0) {
      return piece.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer copy = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    MemorySegment.ofBuffer(copy).copyFrom(piece);
    return copy;
  }

  @Override
  public float[] floats(String key) {
    StoredTensor stored = stored(key);
    MemorySegment segment = segment(stored);
    float[] values = new float[count(stored)];
    switch (stored.type()) {
      case F32 ->
          MemorySegment.copy(
              segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] =
              Float.intBitsToFloat(segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
        }
      }
      default -> throw wrongType(stored, "F32, F16 or BF16");
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
        segment(stored), ValueLayout.JAVA_LONG_UNALIGNED, 0, values, 0, values.length);
    return values;
  }

  @Override
  public byte[] bytes(String key) {
    StoredTensor stored = stored(key);
    if (stored.type() != StoredType.U8) {
      throw wrongType(stored, "U8");
    }
    return segment(stored).toArray(ValueLayout.JAVA_BYTE);
  }

  private MemorySegment segment(StoredTensor stored) {
    return elements.asSlice(stored.begin(), stored.end() - stored.begin());
  }

  private int count(StoredTensor stored) {
    if (stored.elements() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(
          name + ": tensor " + stored.key() + " is too large for an array");
    }
    return (int) stored.elements();
  }

  CheckpointException wrongType(StoredTensor stored, String must) {
    return new CheckpointException(
        name + ": tensor " + stored.key() + " must be " + must + ": was " + stored.type());
  }
}
