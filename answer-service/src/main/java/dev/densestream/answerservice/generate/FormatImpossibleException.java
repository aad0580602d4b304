package dev.densestream.answerservice.generate;

/** No token of the vocabulary fits where an answer stands. */
final class FormatImpossibleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FormatImpossibleException() {
    super("no token of the vocabulary fits the format here");
  }
}
