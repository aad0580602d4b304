package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Happening;
import java.util.List;

/**
 * A question and the one right answer to it.
 *
 * @param choices all answers that a question of its kind can have, the right one among them
 * @param onsets of what the question speaks of, where it is about them
 */
public record Example(
    String question, String answer, QuestionType type, List<String> choices, List<Onset> onsets) {
  /**
   * When something begins.
   *
   * @param phrase of the question that speaks of it
   */
  public record Onset(String phrase, Happening happening) {
    public Onset {
      requireNonNull(phrase, "phrase is null");
      requireNonNull(happening, "happening is null");
    }
  }

  /** About what has no beginning. */
  public Example(String question, String answer, QuestionType type, List<String> choices) {
    this(question, answer, type, choices, List.of());
  }

  public Example {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(type, "type is null");
    choices = List.copyOf(choices);
    onsets = List.copyOf(onsets);
    if (!choices.contains(answer)) {
      throw new IllegalArgumentException("choices must contain the answer: was " + answer);
    }
  }
}
