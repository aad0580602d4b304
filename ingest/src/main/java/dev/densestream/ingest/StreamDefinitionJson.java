package dev.densestream.ingest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeType;
import tools.jackson.databind.node.ObjectNode;

/** Definition to JSON and back, strictly: what is not understood is refused, not ignored. */
final class StreamDefinitionJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> FIELDS =
      Set.of(
          "id", "source", "loop", "pace", "segmentMillis", "alignMillis", "sampling", "overload");

  private StreamDefinitionJson() {}

  static StreamDefinition parse(byte[] json) {
    JsonNode root = object(json);
    for (String name : root.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new IllegalArgumentException("unknown field " + shown(name));
      }
    }
    String id = text(root, "id", null);
    if (id == null) {
      throw new IllegalArgumentException("id is missing");
    }
    StreamDefinition defaults = StreamDefinition.fedFromOutside(new StreamId(id));
    return new StreamDefinition(
        defaults.id(),
        text(root, "source", null),
        flag(root, "loop", defaults.loop()),
        choice(root, "pace", StreamDefinition.Pace.class, defaults.pace()),
        integer(root, "segmentMillis", defaults.segmentMillis()),
        integer(root, "alignMillis", defaults.alignMillis()),
        requiredText(root, "sampling", defaults.sampling()),
        choice(root, "overload", StreamDefinition.Overload.class, defaults.overload()));
  }

  static byte[] write(StreamDefinition definition) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("id", definition.id().value());
    definition.sourceUri().ifPresent(source -> root.put("source", source));
    root.put("loop", definition.loop());
    root.put("pace", definition.pace().text());
    root.put("segmentMillis", definition.segmentMillis());
    if (definition.alignMillis() > 0) {
      root.put("alignMillis", definition.alignMillis());
    }
    root.put("sampling", definition.sampling());
    root.put("overload", definition.overload().text());
    return MAPPER.writeValueAsBytes(root);
  }

  private static JsonNode object(byte[] json) {
    if (json.length > StreamDefinition.MAX_JSON_BYTES) {
      throw new IllegalArgumentException(
          "a stream definition is at most "
              + StreamDefinition.MAX_JSON_BYTES
              + " bytes: was "
              + json.length);
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException _) {
      // The library's message quotes the input and its own types; neither is for people.
      throw new IllegalArgumentException("a stream definition must be one well-formed JSON object");
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("a stream definition must be a JSON object");
    }
    return root;
  }

  private static @Nullable String text(JsonNode root, String field, @Nullable String absent) {
    JsonNode value = present(root, field, JsonNodeType.STRING, "a string");
    return value == null ? absent : value.stringValue();
  }

  private static String requiredText(JsonNode root, String field, String absent) {
    JsonNode value = present(root, field, JsonNodeType.STRING, "a string");
    return value == null ? absent : value.stringValue();
  }

  private static boolean flag(JsonNode root, String field, boolean absent) {
    JsonNode value = present(root, field, JsonNodeType.BOOLEAN, "true or false");
    return value == null ? absent : value.booleanValue();
  }

  private static int integer(JsonNode root, String field, int absent) {
    JsonNode value = present(root, field, JsonNodeType.NUMBER, "a whole number");
    if (value != null && !(value.isIntegralNumber() && value.canConvertToInt())) {
      throw new IllegalArgumentException(field + " must be a whole number");
    }
    return value == null ? absent : value.intValue();
  }

  private static <E extends Enum<E>> E choice(
      JsonNode root, String field, Class<E> type, E absent) {
    JsonNode value = present(root, field, JsonNodeType.STRING, "a string");
    if (value == null) {
      return absent;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> written(constant).equals(value.stringValue()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    field
                        + " must be one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(StreamDefinitionJson::written)
                            .toList()
                        + ": was "
                        + shown(value.stringValue())));
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable JsonNode present(
      JsonNode root, String field, JsonNodeType type, String wanted) {
    JsonNode value = root.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.getNodeType() != type) {
      throw new IllegalArgumentException(field + " must be " + wanted);
    }
    return value;
  }

  /** What the sender wrote, made safe for a log line. */
  private static String shown(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= 40 ? printable : printable.substring(0, 40) + "...";
  }
}
