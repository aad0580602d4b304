package dev.densestream.visionpipeline;

/**
 * How an image is to be looked at.
 *
 * @param still by itself, in as much detail as the model sees pictures; else as one of a video's
 *     frames
 * @param mostTokens a still image is seen in no more detail than gives so many visual tokens, where
 *     the model has a choice; at least {@link VisionEncoder#leastStillTokens()}
 */
public record FrameView(boolean still, int mostTokens) {
  /** One of a video's frames. */
  public static final FrameView VIDEO = new FrameView(false, Integer.MAX_VALUE);

  /** A picture, or a single frame, in all detail. */
  public static final FrameView STILL = new FrameView(true, Integer.MAX_VALUE);

  public FrameView {
    if (mostTokens < 1) {
      throw new IllegalArgumentException("mostTokens must be at least 1: was " + mostTokens);
    }
  }

  /** A picture with a limit. */
  public static FrameView still(int mostTokens) {
    return new FrameView(true, mostTokens);
  }
}
