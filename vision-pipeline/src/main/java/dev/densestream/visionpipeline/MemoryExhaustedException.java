package dev.densestream.visionpipeline;

/**
 * The system or the device had no memory left for a tensor. What was there before is still good.
 */
public final class MemoryExhaustedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MemoryExhaustedException(String message, Throwable cause) {
    super(message, cause);
  }
}
