package dev.densestream.benchmarks.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * A {@code tokenizer.model} of any size: special tokens and bytes as Llama's has them, then made-up
 * words. Texts are read byte by byte.
 */
final class SentencePieceFile {
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int BYTE = 6;
  private static final int BPE = 2;

  private SentencePieceFile() {}

  /** The protocol buffer. */
  static byte[] of(int vocabulary) {
    Message model = new Message();
    model.put(1, piece("<unk>", UNKNOWN, 0)).put(1, piece("<s>", CONTROL, 0));
    model.put(1, piece("</s>", CONTROL, 0));
    for (int value = 0; value < 256; value++) {
      model.put(1, piece("<0x%02X>".formatted(value), BYTE, 0));
    }
    for (int id = 3 + 256; id < vocabulary; id++) {
      model.put(1, piece("\u2581w" + id, NORMAL, -id));
    }
    model.put(2, new Message().put(3, BPE).put(4, vocabulary).put(35, 1));
    model.put(3, new Message().put(1, "identity".getBytes(UTF_8)).put(3, 1).put(4, 0).put(5, 1));
    return model.bytes();
  }

  private static Message piece(String text, int kind, float score) {
    return new Message().put(1, text.getBytes(UTF_8)).put(2, score).put(3, kind);
  }

  /** Fields of a protocol buffer, in the order they are put. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message put(int field, int value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message put(int field, float value) {
      varint((field << 3) | 5);
      int bits = Float.floatToRawIntBits(value);
      for (int i = 0; i < Integer.BYTES; i++) {
        out.write(bits >>> (8 * i));
      }
      return this;
    }

    Message put(int field, Message value) {
      return put(field, value.bytes());
    }

    Message put(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(int value) {
      int left = value;
      while (left > 0x7F) {
        out.write((left & 0x7F) | 0x80);
        left >>>= 7;
      }
      out.write(left);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
