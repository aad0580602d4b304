package dev.densestream.answerservice.format;

import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of everything that is understood, by chance. */
final class RandomSchema {
  private static final List<String> WORDS =
      List.of("a", "b", "car", "car park", "größe", "\"quoted\"", "back\\slash", "日本", "a b", "🚗");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RandomGenerator random;

  RandomSchema(RandomGenerator random) {
    this.random = random;
  }

  /** An object at the root, with definitions to refer to. */
  ObjectNode next() {
    ObjectNode root = object(3);
    ObjectNode definitions = root.putObject("$defs");
    definitions.set("leaf", leaf());
    ObjectNode tree = definitions.putObject("tree").put("type", "object");
    tree.putObject("properties")
        .set("more", anyOf(JSON.createObjectNode().put("$ref", "#/$defs/tree"), typed("null")));
    tree.putArray("required").add("more");
    tree.put("additionalProperties", false);
    return root;
  }

  private ObjectNode schema(int depth) {
    if (depth == 0) {
      return leaf();
    }
    return switch (random.nextInt(7)) {
      case 0, 1 -> object(depth - 1);
      case 2, 3 -> array(depth - 1);
      case 4 -> anyOf(schema(depth - 1), schema(depth - 1));
      case 5 ->
          JSON.createObjectNode()
              .put("$ref", "#/$defs/" + (random.nextBoolean() ? "leaf" : "tree"));
      default -> leaf();
    };
  }

  private static ObjectNode anyOf(ObjectNode one, ObjectNode other) {
    ObjectNode any = JSON.createObjectNode();
    any.putArray("anyOf").add(one).add(other);
    return any;
  }

  private ObjectNode object(int depth) {
    ObjectNode object = typed("object");
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = object.putArray("required");
    for (String word : WORDS.subList(0, 1 + random.nextInt(5))) {
      properties.set(word, schema(depth));
      if (random.nextBoolean()) {
        required.add(word);
      }
    }
    return object.put("additionalProperties", false);
  }

  private ObjectNode array(int depth) {
    ObjectNode array = typed("array");
    array.set("items", schema(depth));
    int least = random.nextInt(3);
    if (random.nextBoolean()) {
      array.put("minItems", least);
    }
    return random.nextBoolean() ? array.put("maxItems", least + random.nextInt(3)) : array;
  }

  private ObjectNode leaf() {
    ObjectNode leaf = JSON.createObjectNode();
    switch (random.nextInt(6)) {
      case 0 -> {
        ArrayNode values = leaf.putArray("enum");
        WORDS.subList(0, 1 + random.nextInt(WORDS.size())).forEach(values::add);
        values.add(12).add(1).add(true);
      }
      case 1 -> leaf.put("const", WORDS.get(random.nextInt(WORDS.size())));
      case 2 -> leaf.putArray("type").add("string").add("null");
      default ->
          leaf.put(
              "type",
              List.of("string", "number", "integer", "boolean", "null").get(random.nextInt(5)));
    }
    return leaf;
  }

  private static ObjectNode typed(String type) {
    return JSON.createObjectNode().put("type", type);
  }
}
