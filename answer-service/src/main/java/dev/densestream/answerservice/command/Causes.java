package dev.densestream.answerservice.command;

import dev.densestream.answerservice.tokenizer.TokenizerException;
import dev.densestream.visionpipeline.CheckpointException;
import java.util.Optional;

/** Finds the sentence to say about a failure. */
final class Causes {
  private static final int DEEPEST = 20;

  private Causes() {}

  /** The failure among the causes that tells what is wrong with a model directory, if one does. */
  static Optional<Throwable> ofModel(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof CheckpointException || cause instanceof TokenizerException) {
        return Optional.of(cause);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** The first line of the innermost cause that has a message. */
  static String said(Throwable failure) {
    String said = failure.getClass().getSimpleName();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        said = message.lines().findFirst().orElse(said);
      }
      cause = cause.getCause();
    }
    return said;
  }
}
