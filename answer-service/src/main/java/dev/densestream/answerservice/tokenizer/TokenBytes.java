package dev.densestream.answerservice.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What the tokens of a {@code tokenizer.json} write. Its decoder says how they are spelled: one
 * character for each byte (byte-level), or text in which U+2581 is a blank and {@code <0x0A>} a
 * byte.
 */
final class TokenBytes {
  private static final int BYTES = 256;
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");
  private static final byte[] NOTHING = {};

  private TokenBytes() {}

  /**
   * By id.
   *
   * @param silent ids that write nothing
   */
  static byte[][] of(JsonNode json, int length, Set<Integer> silent) {
    boolean byteLevel = json.path("decoder").toString().contains("\"ByteLevel\"");
    int[] bytes = byteOfSymbol();
    byte[][] written = new byte[length][];
    Arrays.fill(written, NOTHING);
    for (Map.Entry<String, JsonNode> entry : json.path("model").path("vocab").properties()) {
      int id = entry.getValue().asInt(-1);
      if (id >= 0 && id < length && !silent.contains(id)) {
        written[id] = byteLevel ? symbols(entry.getKey(), bytes) : spelled(entry.getKey());
      }
    }
    return written;
  }

  private static byte[] spelled(String token) {
    if (BYTE.matcher(token).matches()) {
      return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
    }
    return token.replace('\u2581', ' ').getBytes(UTF_8);
  }

  /** Nothing for a token with a character that stands for no byte. */
  private static byte[] symbols(String token, int[] bytes) {
    byte[] written = new byte[token.length()];
    for (int i = 0; i < written.length; i++) {
      char symbol = token.charAt(i);
      if (symbol >= bytes.length || bytes[symbol] < 0) {
        return NOTHING;
      }
      written[i] = (byte) bytes[symbol];
    }
    return written;
  }

  /** Printable bytes stand for themselves, the others for the characters from U+0100 on. */
  private static int[] byteOfSymbol() {
    int[] bytes = new int[2 * BYTES];
    Arrays.fill(bytes, -1);
    int spare = BYTES;
    for (int value = 0; value < BYTES; value++) {
      boolean printable =
          (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
      bytes[printable ? value : spare++] = value;
    }
    return bytes;
  }
}
