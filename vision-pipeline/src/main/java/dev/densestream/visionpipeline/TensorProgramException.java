package dev.densestream.visionpipeline;

/**
 * A program does not compile or failed while running. The message names the resource, the method
 * and the line.
 */
public final class TensorProgramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TensorProgramException(String message, Throwable cause) {
    super(message, cause);
  }

  public TensorProgramException(String message) {
    super(message);
  }
}
