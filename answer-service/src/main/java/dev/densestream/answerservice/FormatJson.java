package dev.densestream.answerservice;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An {@link AnswerFormat} as questions carry it; {@code /schemas/question.json} is its form. */
final class FormatJson {
  private FormatJson() {}

  static AnswerFormat read(JsonFields fields) {
    String type = fields.text("type");
    return switch (type) {
      case "text" -> AnswerFormat.text();
      case "yesNo" -> new AnswerFormat.YesNo();
      case "choices" -> new AnswerFormat.Choices(fields.texts("choices"));
      case "jsonSchema" -> new AnswerFormat.Json(fields.json("schema"));
      default ->
          throw new IllegalArgumentException(
              "the type of answerFormat must be text, yesNo, choices or jsonSchema");
    };
  }

  static void write(AnswerFormat format, ObjectNode to) {
    switch (format) {
      case AnswerFormat.Text _ -> to.put("type", "text");
      case AnswerFormat.YesNo _ -> to.put("type", "yesNo");
      case AnswerFormat.Choices(var choices) -> {
        ArrayNode array = to.put("type", "choices").putArray("choices");
        choices.forEach(array::add);
      }
      case AnswerFormat.Json(var schema) ->
          to.put("type", "jsonSchema").set("schema", JsonFields.tree(schema));
    }
  }
}
