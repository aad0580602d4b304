package dev.densestream.answerservice.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.answerservice.format.FormatException.Code;
import dev.densestream.answerservice.format.Rules.Rule;
import dev.densestream.answerservice.format.Rules.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a JSON Schema into rules. What is ignored changes no answer; what would and is not
 * understood is refused by name.
 */
final class SchemaReader {
  private static final int MOST_DEPTH = 32;
  private static final int MOST_ITEMS = 1024;
  private static final Set<String> REMARKS =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly");
  private static final Map<String, Set<String>> KEYWORDS =
      Map.of(
          "object", Set.of("properties", "required", "additionalProperties"),
          "array", Set.of("items", "minItems", "maxItems"),
          "string", Set.of(),
          "number", Set.of(),
          "integer", Set.of(),
          "boolean", Set.of(),
          "null", Set.of());

  private final JsonNode root;
  private final Rules rules;
  private final JsonParts parts;
  private final Map<String, Rule> references = new HashMap<>();

  /** What is referred to and not yet read: a chain of references is no deep call. */
  private final Deque<Runnable> unread = new ArrayDeque<>();

  private int depth;

  private SchemaReader(JsonNode root, Rules rules) {
    this.root = root;
    this.rules = rules;
    parts = new JsonParts(rules);
  }

  /** The rule of a whole answer: blanks, and what the schema describes. */
  static Rule read(JsonNode root, Rules rules) {
    SchemaReader reader = new SchemaReader(root, rules);
    Rule answer = rules.rule();
    reader.schema(root, rules.after(answer.start(), reader.parts.blank), answer.end());
    while (!reader.unread.isEmpty()) {
      reader.unread.remove().run();
    }
    return answer;
  }

  private void schema(JsonNode schema, State from, State to) {
    if (++depth > MOST_DEPTH) {
      throw new FormatException(
          Code.SCHEMA_TOO_LARGE,
          "The schema is nested more than " + MOST_DEPTH + " deep; use $defs and $ref.");
    }
    if (schema.isBoolean() && schema.booleanValue()) {
      rules.call(from, parts.any, to);
    } else if (schema.isObject()) {
      described(schema, from, to);
    } else {
      throw invalid("A schema must be an object, or true.");
    }
    depth--;
  }

  private void described(JsonNode schema, State from, State to) {
    if (schema.has("$ref")) {
      allowOnly(schema, "$ref", Set.of());
      rules.call(from, reference(schema.path("$ref")), to);
    } else if (schema.has("anyOf")) {
      allowOnly(schema, "anyOf", Set.of());
      anyOf(schema.path("anyOf"), from, to);
    } else if (schema.has("const") || schema.has("enum")) {
      allowOnly(schema, schema.has("const") ? "const" : "enum", Set.of("type", "const", "enum"));
      literals(schema, from, to);
    } else {
      typed(schema, from, to);
    }
  }

  private Rule reference(JsonNode reference) {
    String pointer = reference.isString() ? reference.stringValue() : "";
    Rule known = references.get(pointer);
    if (known != null) {
      return known;
    }
    JsonNode target = SchemaPointer.target(root, pointer);
    Rule rule = rules.rule();
    references.put(pointer, rule);
    unread.add(() -> schema(target, rule.start(), rule.end()));
    return rule;
  }

  private void anyOf(JsonNode schemas, State from, State to) {
    if (!schemas.isArray() || schemas.isEmpty()) {
      throw invalid("anyOf must be a list of schemas.");
    }
    schemas.forEach(each -> schema(each, from, to));
  }

  private void literals(JsonNode schema, State from, State to) {
    List<String> types = types(schema);
    List<JsonNode> values = new ArrayList<>();
    if (schema.has("enum")) {
      if (!schema.path("enum").isArray()) {
        throw invalid("enum must be a list of values.");
      }
      schema.path("enum").forEach(values::add);
    } else {
      values.add(schema.path("const"));
    }
    if (schema.has("const")) {
      values.removeIf(value -> !value.equals(schema.path("const")));
    }
    values.removeIf(value -> !types.isEmpty() && types.stream().noneMatch(t -> isA(t, value)));
    if (values.isEmpty()) {
      throw invalid("No value of enum or const fits the rest of its schema.");
    }
    for (JsonNode value : values) {
      rules.literal(from, JsonMapper.shared().writeValueAsString(value).getBytes(UTF_8), to);
    }
  }

  private static boolean isA(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "number" -> value.isNumber();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }

  private void typed(JsonNode schema, State from, State to) {
    List<String> types = types(schema);
    if (types.isEmpty()) {
      allowOnly(schema, "a schema without type", Set.of());
      rules.call(from, parts.any, to);
      return;
    }
    Set<String> understood = new HashSet<>(Set.of("type"));
    types.forEach(type -> understood.addAll(KEYWORDS.getOrDefault(type, Set.of())));
    allowOnly(schema, "type " + String.join(" or ", types), understood);
    types.forEach(type -> ofType(type, schema, from, to));
  }

  /** As named, or as the keywords say; none for whatever there is. */
  private static List<String> types(JsonNode schema) {
    JsonNode type = schema.path("type");
    List<String> types = new ArrayList<>();
    if (type.isString()) {
      types.add(type.stringValue());
    } else if (type.isArray() && !type.isEmpty()) {
      type.forEach(each -> types.add(each.asString("")));
    } else if (!type.isMissingNode()) {
      throw invalid("type must be a name, or a list of names.");
    } else if (schema.has("properties") || schema.has("required")) {
      types.add("object");
    } else if (schema.has("items")) {
      types.add("array");
    }
    for (String each : types) {
      if (!KEYWORDS.containsKey(each)) {
        throw invalid(
            "type must be object, array, string, number, integer, boolean or null: was "
                + shown(each)
                + ".");
      }
    }
    return types;
  }

  private void ofType(String type, JsonNode schema, State from, State to) {
    switch (type) {
      case "object" -> object(schema, from, to);
      case "array" -> array(schema, from, to);
      case "string" -> rules.call(from, parts.string, to);
      case "number" -> rules.call(from, parts.number, to);
      case "integer" -> rules.call(from, parts.integer, to);
      case "boolean" -> {
        parts.word(from, "true", to);
        parts.word(from, "false", to);
      }
      default -> parts.word(from, "null", to);
    }
  }

  private void array(JsonNode schema, State from, State to) {
    int least = count(schema, "minItems", 0);
    int most = count(schema, "maxItems", Integer.MAX_VALUE);
    if (least > most) {
      throw invalid("minItems must not be above maxItems.");
    }
    Rule item = schema.has("items") ? rules.rule() : parts.any;
    if (schema.has("items")) {
      schema(schema.path("items"), item.start(), item.end());
    }
    parts.list(from, item, least, most, to);
  }

  private static int count(JsonNode schema, String keyword, int absent) {
    JsonNode value = schema.path(keyword);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw invalid(keyword + " must be a whole number from 0.");
    }
    if (value.intValue() > MOST_ITEMS) {
      throw new FormatException(
          Code.SCHEMA_TOO_LARGE, keyword + " must be at most " + MOST_ITEMS + ".");
    }
    return value.intValue();
  }

  private void object(JsonNode schema, State from, State to) {
    ObjectKeys keys = ObjectKeys.of(schema);
    JsonNode more = schema.path("additionalProperties");
    boolean open = !more.isMissingNode() && !(more.isBoolean() && !more.booleanValue());
    if (open && !keys.isEmpty()) {
      throw new FormatException(
          Code.UNSUPPORTED_SCHEMA,
          "additionalProperties must be false where properties are given: no others are answered.");
    }
    if (keys.isEmpty() && !open && more.isMissingNode() && !schema.has("properties")) {
      rules.call(from, parts.anyObject, to);
    } else if (open) {
      Rule value = rules.rule();
      schema(more, value.start(), value.end());
      parts.map(from, value, to);
    } else {
      properties(keys, from, to);
    }
  }

  /** In the schema's order; each with a comma in front unless it is the first one written. */
  private void properties(ObjectKeys keys, State from, State to) {
    State none = rules.after(rules.after(from, '{'), parts.blank);
    State some = rules.state();
    for (ObjectKeys.Key key : keys.keys()) {
      State entry = rules.state();
      rules.skip(none, entry);
      rules.call(rules.after(some, ','), parts.blank, entry);
      State next = rules.state();
      State named = rules.state();
      rules.literal(entry, JsonMapper.shared().writeValueAsBytes(key.name()), named);
      schema(key.schema(), parts.keyed(named), next);
      State stillNone = rules.state();
      if (!key.required()) {
        rules.skip(none, stillNone);
        rules.skip(some, next);
      }
      none = stillNone;
      some = next;
    }
    rules.take(none, '}', to);
    rules.take(rules.after(some, parts.blank), '}', to);
  }

  private static void allowOnly(JsonNode schema, String beside, Set<String> understood) {
    for (String keyword : schema.propertyNames()) {
      if (!understood.contains(keyword) && !REMARKS.contains(keyword) && !keyword.equals(beside)) {
        throw new FormatException(
            Code.UNSUPPORTED_SCHEMA,
            "The keyword "
                + shown(keyword)
                + " is not supported beside "
                + beside
                + "; leave it out.");
      }
    }
  }

  static FormatException invalid(String sentence) {
    return new FormatException(Code.INVALID_SCHEMA, sentence);
  }

  /** A caller's word, short and harmless. */
  static String shown(String word) {
    String start = word.length() > 40 ? word.substring(0, 40) + "..." : word;
    return start.replaceAll("[^\\p{Alnum}$#/_. ~-]", "?");
  }
}
