package dev.densestream.answerservice;

import dev.densestream.answerservice.format.ChoicePaths;
import dev.densestream.answerservice.format.JsonGrammar;
import java.util.List;

/**
 * What an answer may look like. What cannot be asked for is refused when the format is made.
 *
 * @see dev.densestream.answerservice.format.FormatException
 */
public sealed interface AnswerFormat {
  /** Whatever the model says. */
  record Text() implements AnswerFormat {}

  /** {@code Yes} or {@code No}, with the probability of each. */
  record YesNo() implements AnswerFormat {
    /** The two, as they are given in answers. */
    public static final List<String> CHOICES = List.of("Yes", "No");
  }

  /** One of some texts, with the probability of each. */
  record Choices(List<String> choices) implements AnswerFormat {
    public Choices {
      choices = ChoicePaths.checked(choices);
    }
  }

  /**
   * JSON that fits a schema.
   *
   * @param schema JSON Schema, of which a subset is understood; see {@link JsonGrammar}
   */
  record Json(String schema) implements AnswerFormat {
    public Json {
      JsonGrammar.require(schema);
    }

    /** Any JSON object. */
    public static Json object() {
      return new Json("{\"type\":\"object\"}");
    }
  }

  /** Free text. */
  static AnswerFormat text() {
    return new Text();
  }
}
