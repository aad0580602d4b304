package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Happening;
import java.util.List;

/**
 * A question and the one right answer to it.
 *
 * @param choices all answers that a question of its kind can have, the right one among them
 * @param mentions what happens that the question speaks of, where it is about when
 */
public record Example(
    String question,
    String answer,
    QuestionType type,
    List<String> choices,
    List<Mention> mentions) {
  /**
   * Something that a question speaks of.
   *
   * @param phrase the question's words for it
   */
  public record Mention(String phrase, Happening happening) {
    public Mention {
      requireNonNull(phrase, "phrase is null");
      requireNonNull(happening, "happening is null");
    }
  }

  /** Not about when. */
  public Example(String question, String answer, QuestionType type, List<String> choices) {
    this(question, answer, type, choices, List.of());
  }

  public Example {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(type, "type is null");
    choices = List.copyOf(choices);
    mentions = List.copyOf(mentions);
    if (!choices.contains(answer)) {
      throw new IllegalArgumentException("choices must contain the answer: was " + answer);
    }
  }
}
