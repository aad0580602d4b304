package dev.densestream.answerservice.chat;

import dev.densestream.answerservice.AnswerFormat;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a request says about the form of the answer: OpenAI's {@code response_format}, or the
 * enumeration that OpenAI has no place for, {@code structured_outputs.choice}, as vLLM names it.
 */
final class ChatFormat {
  private ChatFormat() {}

  static AnswerFormat of(JsonNode root) {
    if (root.hasNonNull("guided_choice")) {
      throw new IllegalArgumentException(
          "guided_choice is not understood; send structured_outputs with choice instead.");
    }
    AnswerFormat format = responseFormat(root.path("response_format"));
    if (!root.hasNonNull("structured_outputs")) {
      return format;
    }
    if (!(format instanceof AnswerFormat.Text)) {
      throw new IllegalArgumentException(
          "response_format and structured_outputs must not both be given.");
    }
    return structured(root.path("structured_outputs"));
  }

  private static AnswerFormat responseFormat(JsonNode format) {
    if (format.isMissingNode() || format.isNull()) {
      return AnswerFormat.text();
    }
    return switch (format.path("type").asString("")) {
      case "text" -> AnswerFormat.text();
      case "json_object" -> AnswerFormat.Json.object();
      case "json_schema" -> schema(format.path("json_schema"));
      default ->
          throw new IllegalArgumentException(
              "the type of response_format must be text, json_object or json_schema.");
    };
  }

  /** Kept to whether it says strict or not: a looser answer would serve nobody. */
  private static AnswerFormat schema(JsonNode described) {
    JsonNode schema = described.path("schema");
    if (!schema.isObject()) {
      throw new IllegalArgumentException(
          "response_format.json_schema.schema must be a JSON Schema.");
    }
    return new AnswerFormat.Json(JsonMapper.shared().writeValueAsString(schema));
  }

  private static AnswerFormat structured(JsonNode outputs) {
    JsonNode choices = outputs.path("choice");
    if (outputs.size() != 1 || !choices.isArray()) {
      throw new IllegalArgumentException(
          "structured_outputs must hold choice alone, a list of texts; for JSON send response_format.");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode choice : choices) {
      if (!choice.isString()) {
        throw new IllegalArgumentException("structured_outputs.choice must be a list of texts.");
      }
      texts.add(choice.stringValue());
    }
    return new AnswerFormat.Choices(texts);
  }
}
