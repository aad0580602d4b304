package dev.densestream.benchmarks.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A {@code tokenizer.model} of any size: special tokens and bytes as Llama's has them, then the
 * words that models are asked in, each one piece as in a trained vocabulary, then made-up ones.
 * What is in none of these words is read letter by letter, or byte by byte.
 */
final class SentencePieceFile {
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int BYTE = 6;
  private static final int BPE = 2;

  /** Of Vicuna's prompt, and of questions. */
  private static final String WORDS =
      """
      A chat between a curious user and an artificial intelligence assistant. The assistant gives
      helpful, detailed, and polite answers to the user's questions. USER: ASSISTANT:
      What is it? What happens in the video? Describe the scene in one sentence.
      """;

  private SentencePieceFile() {}

  /** The protocol buffer. */
  static byte[] of(int vocabulary) {
    Message model = new Message();
    model.put(1, piece("<unk>", UNKNOWN, 0)).put(1, piece("<s>", CONTROL, 0));
    model.put(1, piece("</s>", CONTROL, 0));
    for (int value = 0; value < 256; value++) {
      model.put(1, piece("<0x%02X>".formatted(value), BYTE, 0));
    }
    int id = 3 + 256;
    for (String text : pieces()) {
      if (id < vocabulary) {
        model.put(1, piece(text, NORMAL, -id));
        id++;
      }
    }
    for (; id < vocabulary; id++) {
      model.put(1, piece("\u2581w" + id, NORMAL, -id));
    }
    model.put(2, new Message().put(3, BPE).put(4, vocabulary).put(35, 1));
    model.put(3, new Message().put(1, "identity".getBytes(UTF_8)).put(3, 1).put(4, 0).put(5, 1));
    return model.bytes();
  }

  /** Words, and all that they are merged from, letter by letter: a piece is made of two others. */
  private static Set<String> pieces() {
    Set<String> pieces = new LinkedHashSet<>();
    for (String word : WORDS.strip().split("\\s+", -1)) {
      String marked = "\u2581" + word;
      marked.codePoints().mapToObj(Character::toString).forEach(pieces::add);
      for (int end = 2; end <= marked.length(); end++) {
        pieces.add(marked.substring(0, end));
      }
    }
    return pieces;
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
