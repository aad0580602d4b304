package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A question and the one right answer to it.
 *
 * @param choices all answers that a question of its kind can have, the right one among them
 */
public record Example(String question, String answer, QuestionType type, List<String> choices) {
  public Example {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(type, "type is null");
    choices = List.copyOf(choices);
    if (!choices.contains(answer)) {
      throw new IllegalArgumentException("choices must contain the answer: was " + answer);
    }
  }
}
