package dev.densestream.visionpipeline;

/**
 * A model directory cannot be used. The message is one sentence for the person who named the
 * directory: the file, the key, and what must hold.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For interfaces that show a code beside the sentence. */
  public static final String CODE = "invalid_checkpoint";

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
