package dev.densestream.answerservice.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** UTF-8 with one U+FFFD for each byte that belongs to no character. */
final class Utf8 {
  private Utf8() {}

  static void append(byte[] bytes, StringBuilder text) {
    int at = 0;
    while (at < bytes.length) {
      int length = characterLength(bytes, at);
      if (length == 0) {
        text.append('\uFFFD');
        at++;
      } else {
        text.append(new String(bytes, at, length, UTF_8));
        at += length;
      }
    }
  }

  /** Bytes of the whole character that starts at {@code at}; 0 if none does. */
  private static int characterLength(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    int length = lead < 0x80 ? 1 : lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 0 || at + length > bytes.length) {
      return 0;
    }
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
      return length;
    } catch (CharacterCodingException _) {
      return 0;
    }
  }
}
