package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

/**
 * The media cannot be used. The code is stable and documented; the message is one sentence for a
 * person, never library text.
 */
public final class MediaRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String code;

  public MediaRefusedException(String code, String message) {
    super(message);
    this.code = requireNonNull(code, "code is null");
  }

  public String code() {
    return code;
  }
}
