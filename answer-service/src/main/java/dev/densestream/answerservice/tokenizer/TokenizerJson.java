package dev.densestream.answerservice.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a tokenizer's JSON file, of a size that a tokenizer can have. */
final class TokenizerJson {
  /** Bytes; that of Llama-3 has 9 million. */
  static final long LARGEST = 48L << 20;

  /** Ids beyond this are no row of any embedding table. */
  static final int LARGEST_ID = 1 << 24;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private TokenizerJson() {}

  static JsonNode read(Path file) {
    return parse(String.valueOf(file), bytes(file));
  }

  static byte[] bytes(Path file) {
    try {
      requireSize(file, LARGEST);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * @param name for messages
   */
  static JsonNode parse(String name, byte[] content) {
    try {
      JsonNode json = JSON.readTree(content);
      if (!json.isObject()) {
        throw new TokenizerException(name + " must be a JSON object; replace it by the original");
      }
      return json;
    } catch (JacksonException e) {
      throw new TokenizerException(
          name
              + " is not valid JSON: "
              + shown(String.valueOf(e.getOriginalMessage()), 120)
              + "; replace it by the original",
          e);
    }
  }

  /** Looked at before anything is read. */
  static void requireSize(Path file, long largest) throws IOException {
    long size = Files.size(file);
    if (size > largest) {
      throw new TokenizerException(
          file
              + " has "
              + size
              + " bytes, more than the "
              + largest
              + " a tokenizer's file may have; replace it by the original");
    }
  }

  static TokenizerException unreadable(Path file, Exception cause) {
    return new TokenizerException(file + " cannot be read; replace it by the original", cause);
  }

  /** An id, wherever a file writes one. */
  static int id(String name, String content, JsonNode id) {
    if (id.isIntegralNumber() && id.canConvertToInt()) {
      int value = id.intValue();
      if (value >= 0 && value < LARGEST_ID) {
        return value;
      }
    }
    throw new TokenizerException(
        name
            + ": token \""
            + shown(content, 40)
            + "\" must have an id from 0 to "
            + (LARGEST_ID - 1)
            + "; replace the file by the original");
  }

  private static String shown(String text, int longest) {
    String cut = text.length() > longest ? text.substring(0, longest) + "..." : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
