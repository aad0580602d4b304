package dev.densestream.trainer.video;

import static java.util.Objects.requireNonNull;

/**
 * How a clip is encoded. A size of another aspect than the scene's makes bars.
 *
 * @param width pixels, even
 * @param height pixels, even
 * @param framesPerSecond whole frames
 * @param bitsPerSecond aimed at
 */
public record ClipFormat(
    int width, int height, int framesPerSecond, int bitsPerSecond, Codec codec) {
  private static final int LEAST_SIDE = 16;

  public ClipFormat {
    requireNonNull(codec, "codec is null");
    if (width < LEAST_SIDE || height < LEAST_SIDE || width % 2 != 0 || height % 2 != 0) {
      throw new IllegalArgumentException(
          "width and height must be even and >= 16: were " + width + ", " + height);
    }
    if (framesPerSecond < 1 || framesPerSecond > 240 || bitsPerSecond < 1000) {
      throw new IllegalArgumentException(
          "framesPerSecond must be in [1, 240] and bitsPerSecond >= 1000: were "
              + framesPerSecond
              + ", "
              + bitsPerSecond);
    }
  }
}
