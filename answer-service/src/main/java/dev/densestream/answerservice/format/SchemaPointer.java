package dev.densestream.answerservice.format;

import dev.densestream.answerservice.format.FormatException.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Where a {@code $ref} leads: the root, or a definition under it. */
final class SchemaPointer {
  private static final Pattern DEFINITION = Pattern.compile("#/(\\$defs|definitions)/([^/%]+)");

  private SchemaPointer() {}

  static JsonNode target(JsonNode root, String pointer) {
    if (pointer.equals("#")) {
      return root;
    }
    Matcher definition = DEFINITION.matcher(pointer);
    if (!definition.matches()) {
      throw new FormatException(
          Code.UNSUPPORTED_SCHEMA,
          "$ref must be # or #/$defs/NAME: was " + SchemaReader.shown(pointer) + ".");
    }
    // RFC 6901: in this order, or ~01 would become a slash.
    String name = definition.group(2).replace("~1", "/").replace("~0", "~");
    JsonNode target = root.path(definition.group(1)).path(name);
    if (target.isMissingNode()) {
      throw SchemaReader.invalid(
          "$ref names " + SchemaReader.shown(pointer) + ", which the schema does not define.");
    }
    return target;
  }
}
