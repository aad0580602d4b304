package dev.densestream.answerservice;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Strict reading of the small JSON objects on the compacted topics: capped in size and depth, no
 * duplicate fields, nothing after the object, no conversion between types. Unknown fields are
 * ignored, so that an older reader understands a newer, additive writer. Every complaint is an
 * {@link IllegalArgumentException} whose message is fit for a person.
 */
final class JsonFields {
  static final int MAX_BYTES = 64 * 1024;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxNestingDepth(64)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String what;
  private final JsonNode object;

  private JsonFields(String what, JsonNode object) {
    this.what = what;
    this.object = object;
  }

  static JsonFields of(String what, byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " must be at most " + MAX_BYTES + " bytes: was " + json.length);
    }
    try {
      return of(what, MAPPER.readTree(json));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(what + " is not valid JSON", e);
    }
  }

  private static JsonFields of(String what, JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(what + " must be a JSON object");
    }
    return new JsonFields(what, node);
  }

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(ObjectNode object) {
    return MAPPER.writeValueAsBytes(object);
  }

  static String requireId(String name, String value) {
    if (!ID.matcher(value).matches()) {
      throw new IllegalArgumentException(name + " must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    return value;
  }

  String text(String field) {
    JsonNode value = object.path(field);
    if (!value.isString()) {
      throw new IllegalArgumentException(what + ": \"" + field + "\" must be a text");
    }
    return value.stringValue();
  }

  long number(String field) {
    JsonNode value = object.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(what + ": \"" + field + "\" must be a whole number");
    }
    return value.longValue();
  }

  long number(String field, long absent) {
    return object.has(field) ? number(field) : absent;
  }

  String text(String field, String absent) {
    return object.has(field) ? text(field) : absent;
  }

  boolean has(String field) {
    return object.has(field);
  }

  JsonFields object(String field) {
    return of(what + ": \"" + field + "\"", object.path(field));
  }

  /** The elements of an array of texts, in order. */
  List<String> texts(String field) {
    JsonNode array = object.path(field);
    if (!array.isArray() || !array.valueStream().allMatch(JsonNode::isString)) {
      throw new IllegalArgumentException(what + ": \"" + field + "\" must be an array of texts");
    }
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  /** A field's value as JSON. */
  String json(String field) {
    if (!object.has(field)) {
      throw new IllegalArgumentException(what + ": \"" + field + "\" is missing");
    }
    return MAPPER.writeValueAsString(object.path(field));
  }

  static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  /** The elements of an array of objects, in order. */
  List<JsonFields> objects(String field) {
    JsonNode array = object.path(field);
    if (!array.isArray()) {
      throw new IllegalArgumentException(what + ": \"" + field + "\" must be an array");
    }
    return array.valueStream().map(node -> of(what + ": \"" + field + "\"", node)).toList();
  }
}
