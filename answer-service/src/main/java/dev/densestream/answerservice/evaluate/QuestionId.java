package dev.densestream.answerservice.evaluate;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What tells a question from the others of its file. A whole number stays one where it is written
 * down: graders compare ids with those of the question file.
 *
 * @param text a number's digits where it is one
 */
public record QuestionId(String text, boolean isNumber) {
  public QuestionId {
    requireNonNull(text, "text is null");
  }

  /** One that the file has as text, or does not have. */
  public static QuestionId text(String text) {
    return new QuestionId(text, false);
  }

  /** One that the file has, whose text is known already. */
  static QuestionId of(JsonNode json, String text) {
    return new QuestionId(text, json.isIntegralNumber());
  }

  void writeTo(ObjectNode prediction) {
    if (isNumber) {
      prediction.put("id", new BigInteger(text));
    } else {
      prediction.put("id", text);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
