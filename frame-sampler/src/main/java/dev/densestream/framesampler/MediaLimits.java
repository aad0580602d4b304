package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What one media may cost. Enforced where frames are made, so that no path can forget a limit, and
 * on what is decoded, never on what a container claims.
 *
 * @param bytes largest encoded size
 * @param pixels largest picture, checked again for each frame
 * @param frames most frames in one media
 * @param streams most streams in one container
 * @param silence longest time the decoder may take to say anything, while somebody waits for it
 * @param decoding longest time of waiting for the decoder summed over one media. Time in which
 *     nobody demands a frame does not count
 */
public record MediaLimits(
    long bytes, long pixels, long frames, int streams, Duration silence, Duration decoding) {
  private static final MediaLimits DEFAULTS =
      new MediaLimits(
          4L << 30, 4096L * 4096, 1_000_000, 16, Duration.ofSeconds(20), Duration.ofMinutes(15));

  public MediaLimits {
    requireNonNull(silence, "silence is null");
    requireNonNull(decoding, "decoding is null");
    if (bytes < 1 || pixels < 1 || frames < 1 || streams < 1) {
      throw new IllegalArgumentException(
          "bytes, pixels, frames and streams must be >= 1: were "
              + bytes
              + ", "
              + pixels
              + ", "
              + frames
              + ", "
              + streams);
    }
    if (silence.toMillis() < 1 || decoding.toMillis() < 1) {
      throw new IllegalArgumentException(
          "silence and decoding must be >= 1 ms: were " + silence + ", " + decoding);
    }
  }

  public static MediaLimits defaults() {
    return DEFAULTS;
  }

  public MediaLimits withPixels(long most) {
    return new MediaLimits(bytes, most, frames, streams, silence, decoding);
  }

  public MediaLimits withFrames(long most) {
    return new MediaLimits(bytes, pixels, most, streams, silence, decoding);
  }

  public MediaLimits withTimes(Duration longestSilence, Duration longestDecoding) {
    return new MediaLimits(bytes, pixels, frames, streams, longestSilence, longestDecoding);
  }
}
