package dev.densestream.visionpipeline;

/**
 * More pixels wait for the encoder than it may hold. Callers bound what they have in flight; this
 * is the fuse behind that, not flow control.
 */
public final class EncoderOverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For interfaces that show a code beside the sentence. */
  public static final String CODE = "encoder_overloaded";

  public EncoderOverloadedException(long limitBytes) {
    super("more than " + limitBytes + " bytes of frames wait for the vision encoder");
  }
}
