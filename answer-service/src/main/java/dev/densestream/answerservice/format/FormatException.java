package dev.densestream.answerservice.format;

/**
 * A format of answers that cannot be asked for. The message is one sentence for the asker, which
 * names what is wrong and what to do.
 */
public final class FormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final Code code;
  private final String sentence;

  /** Stable; told to askers in lower case. */
  public enum Code {
    /** A choice is empty, there twice, or there are too many. */
    INVALID_CHOICES,
    /** Not a JSON Schema. */
    INVALID_SCHEMA,
    /** It uses what is not understood. */
    UNSUPPORTED_SCHEMA,
    /** It is larger or deeper than what is compiled. */
    SCHEMA_TOO_LARGE
  }

  FormatException(Code code, String message) {
    super(message);
    this.code = code;
    sentence = message;
  }

  /** The message. */
  public String sentence() {
    return sentence;
  }

  public Code code() {
    return code;
  }
}
