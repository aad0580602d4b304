package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model's {@code config.json}. Getters with a default take it for an absent or null key; a key of
 * the wrong kind is an error in any case, and every error names file and key.
 *
 * @param path of the section, ending with a dot, or empty for the whole file
 */
public record ModelConfig(String file, String path, JsonNode json) {
  /** Bytes; the index of the largest published model has less than a hundredth. */
  private static final long LARGEST = 16L << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public ModelConfig {
    requireNonNull(file, "file is null");
    requireNonNull(path, "path is null");
    requireNonNull(json, "json is null");
  }

  /**
   * Reads a file.
   *
   * @throws CheckpointException if it is missing or no JSON object
   */
  public static ModelConfig read(Path file) {
    String name = file.getFileName() + " in " + file.toAbsolutePath().getParent();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(name + " is missing: download it too");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw new CheckpointException(
            name
                + " has "
                + Files.size(file)
                + " bytes, more than "
                + LARGEST
                + ": is it the right file?");
      }
      return parse(name, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CheckpointException(name + " cannot be read", e);
    }
  }

  /**
   * Reads a file's content.
   *
   * @param name for messages
   * @throws CheckpointException if it is no JSON object, names a key twice or nests too deeply
   */
  public static ModelConfig parse(String name, byte[] content) {
    try {
      JsonNode json = JSON.readTree(content);
      if (!json.isObject()) {
        throw new CheckpointException(name + " must be a JSON object");
      }
      return new ModelConfig(name, "", json);
    } catch (JacksonException e) {
      throw new CheckpointException(name + " is not valid JSON: " + reason(e), e);
    }
  }

  private static String reason(JacksonException e) {
    String text = String.valueOf(e.getOriginalMessage()).replaceAll("\\p{Cntrl}", "?");
    String cut = text.length() > 120 ? text.substring(0, 120) + "..." : text;
    @Nullable TokenStreamLocation place = e.getLocation(); // none where a limit is exceeded
    return (place == null ? "" : "line " + place.getLineNr() + ", ") + cut;
  }

  public boolean has(String key) {
    return json.hasNonNull(key);
  }

  public String string(String key) {
    return string(key, Optional.empty());
  }

  public String string(String key, String ifAbsent) {
    return string(key, Optional.of(ifAbsent));
  }

  private String string(String key, Optional<String> ifAbsent) {
    if (!has(key)) {
      return ifAbsent.orElseThrow(() -> missing(key));
    }
    JsonNode value = json.get(key);
    if (!value.isString()) {
      throw wrong(key, "a string", value);
    }
    return value.stringValue();
  }

  public int integer(String key) {
    return integer(key, Optional.empty());
  }

  public int integer(String key, int ifAbsent) {
    return integer(key, Optional.of(ifAbsent));
  }

  private int integer(String key, Optional<Integer> ifAbsent) {
    if (!has(key)) {
      return ifAbsent.orElseThrow(() -> missing(key));
    }
    JsonNode value = json.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, "a whole number", value);
    }
    return value.intValue();
  }

  /** A size or count. @throws CheckpointException also if it is less than 1 */
  public int positive(String key) {
    int value = integer(key);
    if (value < 1) {
      throw wrong(key, "at least 1", json.get(key));
    }
    return value;
  }

  public double number(String key, double ifAbsent) {
    if (!has(key)) {
      return ifAbsent;
    }
    JsonNode value = json.get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "a number", value);
    }
    return value.doubleValue();
  }

  public boolean flag(String key, boolean ifAbsent) {
    if (!has(key)) {
      return ifAbsent;
    }
    JsonNode value = json.get(key);
    if (!value.isBoolean()) {
      throw wrong(key, "true or false", value);
    }
    return value.booleanValue();
  }

  /** One whole number, or a list of them; none if the key is absent. */
  public List<Integer> integers(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = json.get(key);
    List<JsonNode> numbers = value.isArray() ? value.valueStream().toList() : List.of(value);
    if (!numbers.stream().allMatch(n -> n.isIntegralNumber() && n.canConvertToInt())) {
      throw wrong(key, "a whole number or a list of them", value);
    }
    return numbers.stream().map(JsonNode::intValue).toList();
  }

  /** A nested object. */
  public ModelConfig section(String key) {
    if (!has(key)) {
      throw missing(key);
    }
    JsonNode value = json.get(key);
    if (!value.isObject()) {
      throw wrong(key, "an object", value);
    }
    return new ModelConfig(file, path + key + ".", value);
  }

  private CheckpointException missing(String key) {
    return new CheckpointException(
        file + " has no key " + path + key + ": take the file the model was published with");
  }

  /** The complaint about a key that is there, for readers of kinds that are not known here. */
  public CheckpointException wrong(String key, String must) {
    return wrong(key, must, json.path(key));
  }

  private CheckpointException wrong(String key, String must, JsonNode value) {
    String text = value.toString();
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return new CheckpointException(
        file + ": key " + path + key + " must be " + must + ": was " + shown);
  }
}
