package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import java.time.Duration;

/**
 * How a clip is captioned.
 *
 * @param window media time per caption; the last one lasts a quarter of it at least, five quarters
 *     at most
 * @param framesPerWindow frames the model sees of each window, evenly spaced
 * @param maxVisualTokens of each window at most: fewer frames are seen; {@link
 *     VisualBudget#UNBOUNDED} for no bound
 * @param prompt asked of every window
 */
public record CaptionSettings(
    Duration window,
    int framesPerWindow,
    int maxVisualTokens,
    String prompt,
    GenerationSettings generation) {
  public static final String DEFAULT_PROMPT =
      "Describe what happens in this video in one sentence.";

  public CaptionSettings {
    requireNonNull(window, "window is null");
    requireNonNull(prompt, "prompt is null");
    requireNonNull(generation, "generation is null");
    if (window.compareTo(Duration.ofMillis(100)) < 0 || window.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("window must be 100 ms to 1 h: was " + window);
    }
    if (framesPerWindow < 1 || maxVisualTokens < 1) {
      throw new IllegalArgumentException(
          "framesPerWindow and maxVisualTokens must be >= 1: was "
              + framesPerWindow
              + ", "
              + maxVisualTokens);
    }
    if (prompt.isBlank()) {
      throw new IllegalArgumentException("prompt must not be blank");
    }
  }

  /** Windows of 10 s, as many frames as the model is meant to see, greedy, at most 64 tokens. */
  public static CaptionSettings forModel(AnswerModel model) {
    return new CaptionSettings(
        Duration.ofSeconds(10),
        model.framesPerWindow(),
        VisualBudget.UNBOUNDED,
        DEFAULT_PROMPT,
        GenerationSettings.greedy(64));
  }

  long windowMicros() {
    return window.toNanos() / 1000;
  }

  /** What is left at the end and shorter than this belongs to the window before it. */
  long shortestMicros() {
    return windowMicros() / 4;
  }

  /** With no more frames than the bound allows. */
  CaptionSettings within(AnswerModel model) {
    int frames =
        VisualBudget.of(Question.VISUAL_TOKENS, maxVisualTokens, model)
            .framesInARow(framesPerWindow);
    return new CaptionSettings(window, frames, maxVisualTokens, prompt, generation);
  }

  double framesPerSecond() {
    return framesPerWindow * 1e6 / windowMicros();
  }
}
