package dev.densestream.trainer.train.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a safetensors file; one that is there already stays whole until the new one is. */
public final class TensorWriter {
  private final Map<String, Stored> tensors = new LinkedHashMap<>();

  /** One tensor's elements in the file. */
  private record Stored(String type, String shape, int bytes, Elements elements) {}

  @FunctionalInterface
  private interface Elements {
    void write(DataOutputStream out) throws IOException;
  }

  /** In float32. */
  public TensorWriter floats(String key, long[] shape, float[] values) {
    return add(
        key,
        new Stored(
            "F32",
            Arrays.toString(shape),
            values.length * Float.BYTES,
            out -> {
              for (float value : values) {
                out.writeInt(Integer.reverseBytes(Float.floatToRawIntBits(value)));
              }
            }));
  }

  /** In bfloat16, to the nearest. */
  public TensorWriter halves(String key, long[] shape, float[] values) {
    return add(
        key,
        new Stored(
            "BF16",
            Arrays.toString(shape),
            values.length * Short.BYTES,
            out -> {
              for (float value : values) {
                out.writeShort(Short.reverseBytes(bfloat16(value)));
              }
            }));
  }

  /** One int64 number. */
  public TensorWriter number(String key, long value) {
    return add(
        key, new Stored("I64", "[1]", Long.BYTES, out -> out.writeLong(Long.reverseBytes(value))));
  }

  private TensorWriter add(String key, Stored stored) {
    tensors.put(key, stored);
    return this;
  }

  /** To the nearest, ties to even. */
  static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  /** Writes all of them. */
  public void write(Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    byte[] header = header();
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
      // The format is little-endian.
      out.writeLong(Long.reverseBytes(header.length));
      out.write(header);
      for (Stored tensor : tensors.values()) {
        tensor.elements.write(out);
      }
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private byte[] header() {
    StringBuilder text = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long offset = 0;
    for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
      Stored tensor = entry.getValue();
      text.append(",\"").append(entry.getKey()).append("\":{\"dtype\":\"").append(tensor.type);
      text.append("\",\"shape\":").append(tensor.shape).append(",\"data_offsets\":[");
      text.append(offset).append(',').append(offset + tensor.bytes).append("]}");
      offset += tensor.bytes;
    }
    text.append('}');
    text.append(" ".repeat(Math.floorMod(-text.length(), 8))); // data starts at a multiple of 8
    return text.toString().getBytes(UTF_8);
  }
}
