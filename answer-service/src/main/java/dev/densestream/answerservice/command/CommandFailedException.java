package dev.densestream.answerservice.command;

/** A command cannot go on; the message is the one line said about it. */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String code, String detail) {
    super(code + ": " + detail);
  }

  CommandFailedException(String code, String detail, Throwable cause) {
    super(code + ": " + detail, cause);
  }
}
