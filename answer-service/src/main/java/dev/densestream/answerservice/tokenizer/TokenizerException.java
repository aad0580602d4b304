package dev.densestream.answerservice.tokenizer;

/** A tokenizer file is missing or cannot be used. The message names the file and what to do. */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerException(String message) {
    super(message);
  }

  TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
