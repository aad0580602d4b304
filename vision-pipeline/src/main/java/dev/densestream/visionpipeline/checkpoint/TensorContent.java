package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.TensorValues;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * One tensor as a file's writer takes it.
 *
 * @param elements little-endian, one behind the other; in a mapping where they come from a file
 */
record TensorContent(String key, StoredType type, List<Long> shape, MemorySegment elements) {
  private static final int BLOCK = 1 << 20;

  TensorContent {
    shape = List.copyOf(shape);
  }

  /** What takes a block of bytes at a time. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] block, int length) throws IOException;
  }

  /**
   * Rounded to the nearest, ties to even. Float32 is not copied where the machine is little-endian:
   * the values are to stay as they are until they are written.
   */
  static TensorContent of(TensorValues tensor, StoredType type) {
    float[] values = tensor.values();
    List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
    if (type == StoredType.F32 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      return new TensorContent(tensor.key(), type, shape, MemorySegment.ofArray(values));
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case F32 -> bytes.putFloat(value);
        case F16 -> bytes.putShort(Float.floatToFloat16(value));
        case BF16 -> bytes.putShort(bfloat16(value));
        default -> throw new IllegalArgumentException("type must be of floats: was " + type);
      }
    }
    return new TensorContent(tensor.key(), type, shape, MemorySegment.ofArray(bytes.array()));
  }

  /** One whole number. */
  static TensorContent of(String key, long number) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    MemorySegment element = MemorySegment.ofArray(bytes.putLong(number).array());
    return new TensorContent(key, StoredType.I64, List.of(1L), element);
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = Float.isNaN(value) ? bits | 1 << 22 : bits + 0x7fff + (bits >>> 16 & 1);
    return (short) (rounded >>> 16);
  }

  long bytes() {
    return elements.byteSize();
  }

  /** All bytes, never more of them in memory than a block. */
  void forEachBlock(Sink sink) throws IOException {
    byte[] block = new byte[(int) Math.min(BLOCK, bytes())];
    for (long at = 0; at < bytes(); at += block.length) {
      int length = (int) Math.min(block.length, bytes() - at);
      MemorySegment.copy(elements, ValueLayout.JAVA_BYTE, at, block, 0, length);
      sink.take(block, length);
    }
  }

  void writeTo(OutputStream out) throws IOException {
    forEachBlock((block, length) -> out.write(block, 0, length));
  }
}
