package dev.densestream.answerservice.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The pieces of a {@code tokenizer.model} file, which is a protocol buffer: field 1 is a piece (1
 * text, 2 score, 3 kind), field 3 the normalizer (3 whether a blank is put in front).
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SentencePieceModel(byte[] bytes, List<Piece> pieces, boolean addsDummyPrefix) {
  // The last occurrence of a field wins and messages merge, so these bytes at the end of a model
  // switch its dummy prefix off: field 3 (normalizer), length 2, its field 3, false.
  private static final byte[] NO_DUMMY_PREFIX = {0x1A, 0x02, 0x18, 0x00};
  private static final int TEXT = 1;
  private static final int CONTROL = 3;
  private static final int OWN = 4;
  private static final int BYTE = 6;
  private static final Pattern BYTE_TEXT = Pattern.compile("<0x[0-9A-F]{2}>");

  /** One entry of the vocabulary; its id is its place in the list. */
  record Piece(String text, int kind) {
    boolean isControl() {
      return kind == CONTROL;
    }

    boolean isByte() {
      return kind == BYTE;
    }

    /** Neither unknown nor control nor byte. */
    boolean isText() {
      return kind == TEXT || kind == OWN;
    }

    /** Of a piece such as {@code <0x0A>}. */
    byte byteValue() {
      return (byte) Integer.parseInt(text.substring(3, 5), 16);
    }
  }

  static SentencePieceModel read(Path file) {
    try {
      TokenizerJson.requireSize(file, TokenizerJson.LARGEST);
      return parse(String.valueOf(file), Files.readAllBytes(file));
    } catch (IOException e) {
      throw TokenizerJson.unreadable(file, e);
    }
  }

  /**
   * @param name for messages
   */
  static SentencePieceModel parse(String name, byte[] bytes) {
    try {
      SentencePieceModel model = parse(bytes);
      if (model.pieces().isEmpty()) {
        throw new IllegalArgumentException("no pieces");
      }
      return model;
    } catch (IndexOutOfBoundsException
        | BufferUnderflowException
        | ArithmeticException
        | IllegalArgumentException e) {
      throw unusable(name, e);
    }
  }

  static TokenizerException unusable(String name, Exception cause) {
    return new TokenizerException(
        name + " cannot be read as a SentencePiece model; replace it by the original", cause);
  }

  private static SentencePieceModel parse(byte[] bytes) {
    List<Piece> pieces = new ArrayList<>();
    boolean[] dummyPrefix = {true};
    fields(
        ByteBuffer.wrap(bytes),
        (field, message) -> {
          if (field == 1) {
            pieces.add(piece(message));
          } else if (field == 3) {
            fields(message, (inner, value) -> dummyPrefix(inner, value, dummyPrefix));
          }
        });
    return new SentencePieceModel(bytes, List.copyOf(pieces), dummyPrefix[0]);
  }

  private static void dummyPrefix(int field, ByteBuffer value, boolean[] dummyPrefix) {
    if (field == 3) {
      dummyPrefix[0] = value.get(0) != 0;
    }
  }

  private static Piece piece(ByteBuffer message) {
    String[] text = {""};
    int[] kind = {1};
    fields(
        message,
        (field, value) -> {
          if (field == 1) {
            text[0] = UTF_8.decode(value).toString();
          } else if (field == 3) {
            kind[0] = value.get(0);
          }
        });
    if (kind[0] == BYTE && !BYTE_TEXT.matcher(text[0]).matches()) {
      throw new IllegalArgumentException("a byte piece that names no byte");
    }
    return new Piece(text[0], kind[0]);
  }

  private interface Field {
    void accept(int number, ByteBuffer value);
  }

  private static void fields(ByteBuffer message, Field field) {
    ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      int start = in.position();
      int length =
          switch ((int) (tag & 7)) {
            case 0 -> {
              varint(in);
              int size = in.position() - start;
              in.position(start);
              yield size;
            }
            case 1 -> Long.BYTES;
            case 2 -> Math.toIntExact(varint(in));
            case 5 -> Integer.BYTES;
            default -> throw new IllegalArgumentException("wire type " + (tag & 7));
          };
      field.accept((int) (tag >>> 3), in.slice(in.position(), length));
      in.position(in.position() + length);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("varint longer than 64 bits");
  }

  /** The model's bytes, changed so that no blank is put in front of a text. */
  byte[] bytesWithoutDummyPrefix() {
    byte[] patched = Arrays.copyOf(bytes, bytes.length + NO_DUMMY_PREFIX.length);
    System.arraycopy(NO_DUMMY_PREFIX, 0, patched, bytes.length, NO_DUMMY_PREFIX.length);
    return patched;
  }
}
