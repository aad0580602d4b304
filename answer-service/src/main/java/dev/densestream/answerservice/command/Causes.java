package dev.densestream.answerservice.command;

/** Finds the sentence to say about a failure. */
final class Causes {
  private static final int DEEPEST = 20;

  private Causes() {}

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
