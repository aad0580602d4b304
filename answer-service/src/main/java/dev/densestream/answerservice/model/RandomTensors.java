package dev.densestream.answerservice.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Tensors of a safetensors file, the same for the same seed on every machine. */
final class RandomTensors {
  private final Random random;
  private final Map<String, Shaped> tensors = new LinkedHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Shaped(float[] values, int[] shape) {}

  RandomTensors(long seed) {
    random = new Random(seed);
  }

  void ones(String name, int size) {
    float[] values = new float[size];
    Arrays.fill(values, 1);
    tensors.put(name, new Shaped(values, new int[] {size}));
  }

  void zeros(String name, int size) {
    tensors.put(name, new Shaped(new float[size], new int[] {size}));
  }

  void normal(String name, double deviation, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    tensors.put(name, new Shaped(values, shape));
  }

  /** Keeps the scale of what it multiplies. */
  void matrix(String name, int rows, int columns) {
    normal(name, 1 / Math.sqrt(columns), rows, columns);
  }

  void matrixBelowZeros(String name, int zeros, int rows, int columns) {
    matrix(name, rows, columns);
    Shaped whole = tensors.get(name);
    if (whole != null) {
      Arrays.fill(whole.values, 0, zeros * columns, 0);
    }
  }

  void layer(String name, int rows, int columns) {
    matrix(name + ".weight", rows, columns);
    zeros(name + ".bias", rows);
  }

  void norm(String name, int size) {
    ones(name + ".weight", size);
    zeros(name + ".bias", size);
  }

  void write(Path file) throws IOException {
    StringBuilder header = new StringBuilder("{\"__metadata__\": {\"format\": \"pt\"}");
    int offset = 0;
    for (Map.Entry<String, Shaped> tensor : tensors.entrySet()) {
      int end = offset + tensor.getValue().values.length * Float.BYTES;
      header
          .append(", \"")
          .append(tensor.getKey())
          .append("\": {\"dtype\": \"F32\", \"shape\": ")
          .append(Arrays.toString(tensor.getValue().shape))
          .append(", \"data_offsets\": [")
          .append(offset)
          .append(", ")
          .append(end)
          .append("]}");
      offset = end;
    }
    header.append('}');
    // Data starts at a multiple of 8.
    header.append(" ".repeat(Math.floorMod(-header.length(), 8)));
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      byte[] text = header.toString().getBytes(UTF_8);
      // The format is little-endian.
      out.writeLong(Long.reverseBytes(text.length));
      out.write(text);
      for (Shaped tensor : tensors.values()) {
        for (float value : tensor.values) {
          out.writeInt(Integer.reverseBytes(Float.floatToRawIntBits(value)));
        }
      }
    }
  }
}
