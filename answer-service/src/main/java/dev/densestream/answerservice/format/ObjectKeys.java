package dev.densestream.answerservice.format;

import dev.densestream.answerservice.format.FormatException.Code;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The properties of an object's schema, in its order. */
record ObjectKeys(List<Key> keys) {
  /** One of them. */
  record Key(String name, JsonNode schema, boolean required) {}

  static ObjectKeys of(JsonNode schema) {
    JsonNode properties = schema.path("properties");
    if (!properties.isMissingNode() && !properties.isObject()) {
      throw SchemaReader.invalid("properties must be an object.");
    }
    Set<String> required = required(schema.path("required"));
    List<Key> keys = new ArrayList<>();
    properties
        .properties()
        .forEach(
            each ->
                keys.add(new Key(each.getKey(), each.getValue(), required.remove(each.getKey()))));
    if (!required.isEmpty()) {
      throw new FormatException(
          Code.UNSUPPORTED_SCHEMA,
          "required names "
              + SchemaReader.shown(required.iterator().next())
              + ", which properties does not describe.");
    }
    return new ObjectKeys(keys);
  }

  private static Set<String> required(JsonNode names) {
    Set<String> required = new LinkedHashSet<>();
    if (!names.isMissingNode() && !names.isArray()) {
      throw SchemaReader.invalid("required must be a list of names.");
    }
    for (JsonNode name : names) {
      if (!name.isString()) {
        throw SchemaReader.invalid("required must be a list of names.");
      }
      required.add(name.stringValue());
    }
    return required;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }
}
