package dev.densestream.answerservice.evaluate;

/** An entry that is no question; the message is the sentence said about it. */
final class BadQuestionException extends Exception {
  private static final long serialVersionUID = 1L;

  BadQuestionException(String sentence) {
    super(sentence);
  }
}
