package dev.densestream.answerservice.clip;

/** The engine's queue is full. An accepted clip is never shed, so this is retried. */
final class EngineBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineBusyException(String detail) {
    super(detail, null, false, false); // control flow, not a fault
  }
}
