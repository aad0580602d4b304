package dev.densestream.benchmarks.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A reader of its own, written from the format's description, for small files. */
record GgufTable(
    int magic, int version, Map<String, Object> metadata, List<Entry> tensors, long dataAt) {
  record Entry(String name, List<Long> shape, int type, long offset) {
    long elements() {
      return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }
  }

  static GgufTable read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    int version = in.getInt();
    long tensorCount = in.getLong();
    long valueCount = in.getLong();
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (long i = 0; i < valueCount; i++) {
      metadata.put(text(in), value(in, in.getInt()));
    }
    List<Entry> tensors = new ArrayList<>();
    for (long i = 0; i < tensorCount; i++) {
      String name = text(in);
      List<Long> shape = LongStream.range(0, in.getInt()).mapToObj(axis -> in.getLong()).toList();
      tensors.add(new Entry(name, shape, in.getInt(), in.getLong()));
    }
    return new GgufTable(magic, version, metadata, tensors, (in.position() + 31) / 32 * 32L);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[(int) in.getLong()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Object value(ByteBuffer in, int kind) {
    return switch (kind) {
      case 4, 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() == 1;
      case 8 -> text(in);
      case 9 -> {
        int element = in.getInt();
        long length = in.getLong();
        yield LongStream.range(0, length).mapToObj(i -> value(in, element)).toList();
      }
      default -> throw new IllegalStateException("value of kind " + kind);
    };
  }
}
