package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SortedMap;

/** The safetensors format: 8 bytes of header length, the header, the elements. */
final class SafetensorsFile {
  /** As the format's own library has it. */
  private static final long LARGEST_HEADER = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsFile() {}

  /**
   * Checks everything but the elements.
   *
   * @param name for messages
   */
  static WeightFile read(String name, MemorySegment file) {
    long headerBytes = headerBytes(name, file);
    byte[] header = file.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment elements = file.asSlice(Long.BYTES + headerBytes);
    SortedMap<String, StoredTensor> tensors =
        SafetensorsHeader.parse(name, header, elements.byteSize());
    return new WeightFile(name, elements, tensors);
  }

  private static long headerBytes(String name, MemorySegment file) {
    long size = file.byteSize();
    if (size < Long.BYTES) {
      throw new CheckpointException(name + " is too short for a safetensors file");
    }
    long headerBytes = file.get(LENGTH, 0);
    if (headerBytes < 2 || headerBytes > LARGEST_HEADER || headerBytes > size - Long.BYTES) {
      throw new CheckpointException(
          name
              + ": header must have 2 to "
              + Math.min(LARGEST_HEADER, size - Long.BYTES)
              + " bytes: was "
              + Long.toUnsignedString(headerBytes));
    }
    return headerBytes;
  }
}
