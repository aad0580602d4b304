package dev.densestream.answerservice.format;

import dev.densestream.answerservice.format.FormatException.Code;
import dev.densestream.answerservice.format.Rules.Rule;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The texts that are JSON and fit a schema. Understood are {@code type} (also a list), {@code
 * properties}, {@code required}, {@code additionalProperties}, {@code items}, {@code minItems},
 * {@code maxItems}, {@code enum}, {@code const}, {@code anyOf}, {@code $defs} and {@code $ref} to
 * them or to the root, recursion included; what is only a remark, such as {@code description}, is
 * ignored. Everything else is refused by name.
 *
 * <p>Properties come in the schema's order, and no others than those; an object without {@code
 * properties} has any. Fewer texts are written than would fit: see {@link JsonParts}.
 */
public final class JsonGrammar {
  /** Characters of a schema. */
  public static final int MOST_CHARACTERS = 65_536;

  /** Rules that may be entered one in the other; answers are nested less deep than this. */
  static final int MOST_DEPTH = 128;

  private final Rule answer;

  private JsonGrammar(Rule answer) {
    this.answer = answer;
  }

  /**
   * Compiles a schema.
   *
   * @throws FormatException if it cannot be used
   */
  public static JsonGrammar of(String schema) {
    if (schema.length() > MOST_CHARACTERS) {
      throw new FormatException(
          Code.SCHEMA_TOO_LARGE,
          "The schema has more than " + MOST_CHARACTERS + " characters; make it smaller.");
    }
    Rules rules = new Rules();
    Rule answer = SchemaReader.read(tree(schema), rules);
    Reach.check(rules);
    if (answer.start().leastDepth >= MOST_DEPTH) {
      throw new FormatException(
          Code.SCHEMA_TOO_LARGE,
          "What the schema requires is nested more than " + MOST_DEPTH + " deep.");
    }
    JsonGrammar grammar = new JsonGrammar(answer);
    if (!new Readings(grammar).canBegin()) {
      throw new FormatException(
          Code.SCHEMA_TOO_LARGE,
          "The schema leaves too many ways open to read an answer; use fewer anyOf of schemas that"
              + " begin alike.");
    }
    return grammar;
  }

  /** Throws what {@link #of} would. */
  public static void require(String schema) {
    of(schema);
  }

  private static JsonNode tree(String schema) {
    try {
      return JsonMapper.shared().readTree(schema);
    } catch (JacksonException notJson) {
      throw SchemaReader.invalid("The schema is not valid JSON.");
    }
  }

  Rule answer() {
    return answer;
  }
}
