package dev.densestream.answerservice.command;

import dev.densestream.answerservice.AnswerModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much is looked at and said where a question is asked about a whole clip. */
final class AnswerBounds {
  @Option(
      names = "--frames",
      paramLabel = "N",
      converter = AtLeastOne.class,
      description = "Frames the model sees, spread over the video (default: the model's own).")
  private @Nullable Integer frames;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      converter = AtLeastOne.class,
      description = "Longest answer (default: ${DEFAULT-VALUE}).")
  private int maxTokens = 128;

  int frames(AnswerModel model) {
    return frames == null ? model.framesPerWindow() : frames;
  }

  int maxTokens() {
    return maxTokens;
  }
}
