package dev.densestream.trainer.command;

/** A command cannot go on; the message is the one line said about it. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String code, String detail) {
    super(code + ": " + detail);
  }
}
