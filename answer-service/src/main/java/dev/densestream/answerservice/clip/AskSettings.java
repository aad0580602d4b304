package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;

/**
 * How a question about a whole clip is answered.
 *
 * @param frames seen by the model, at the indices the original code picks
 */
public record AskSettings(int frames, GenerationSettings generation) {
  public AskSettings {
    requireNonNull(generation, "generation is null");
    if (frames < 1) {
      throw new IllegalArgumentException("frames must be >= 1: was " + frames);
    }
  }

  /** As many frames as the model is meant to see, greedy, at most 128 tokens. */
  public static AskSettings forModel(AnswerModel model) {
    return new AskSettings(model.framesPerWindow(), GenerationSettings.greedy(128));
  }
}
