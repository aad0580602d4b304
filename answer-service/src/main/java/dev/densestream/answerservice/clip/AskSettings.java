package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualBudget;

/**
 * How a question about a whole clip is answered.
 *
 * @param frames seen by the model, at the indices the original code picks
 * @param maxVisualTokens at most so many visual tokens: fewer frames or tiles are seen; {@link
 *     VisualBudget#UNBOUNDED} for no bound
 */
public record AskSettings(int frames, int maxVisualTokens, GenerationSettings generation) {
  public AskSettings {
    requireNonNull(generation, "generation is null");
    if (frames < 1 || maxVisualTokens < 1) {
      throw new IllegalArgumentException(
          "frames and maxVisualTokens must be >= 1: was " + frames + ", " + maxVisualTokens);
    }
  }

  /** As many frames as the model is meant to see, greedy, at most 128 tokens. */
  public static AskSettings forModel(AnswerModel model) {
    return new AskSettings(
        model.framesPerWindow(), VisualBudget.UNBOUNDED, GenerationSettings.greedy(128));
  }

  /** About one picture. */
  AskSettings ofOneFrame() {
    return new AskSettings(1, maxVisualTokens, generation);
  }
}
