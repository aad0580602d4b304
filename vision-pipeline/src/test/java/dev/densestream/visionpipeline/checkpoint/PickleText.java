package dev.densestream.visionpipeline.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes pickles as PyTorch does, opcode by opcode, sound ones and others. */
final class PickleText {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleText() {
    raw("\u0080\u0002");
  }

  /** One byte per character. */
  PickleText raw(String bytes) {
    bytes.chars().forEach(out::write);
    return this;
  }

  PickleText text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.write('X');
    u32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  PickleText global(String module, String name) {
    return raw("c" + module + "\n" + name + "\n");
  }

  PickleText whole(long value) {
    raw("\u008a\b");
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  private void u32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private PickleText wholes(long... values) {
    raw("(");
    for (long value : values) {
      whole(value);
    }
    return raw("t");
  }

  /** A tensor that looks into storage {@code key}. */
  PickleText tensor(
      String storageClass, String key, long elements, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage");
    global("torch", storageClass).text(key).text("cpu").whole(elements).raw("tQ");
    return whole(offset)
        .wholes(shape)
        .wholes(strides)
        .raw("\u0089")
        .global("collections", "OrderedDict")
        .raw(")RtR");
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
