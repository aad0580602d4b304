package dev.densestream.visionpipeline;

/**
 * A device was asked for that this machine, or the engine's natives, do not have, or a precision
 * that the device does not compute in.
 */
public final class DeviceMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceMissingException(String message) {
    super(message);
  }
}
