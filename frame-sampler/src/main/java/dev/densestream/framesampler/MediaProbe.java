package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

/**
 * What a media is, found by opening it with the same limits as decoding does. Frame count is the
 * container's claim, 0 if it makes none.
 */
public record MediaProbe(
    String container,
    String codec,
    int width,
    int height,
    long durationMicros,
    long claimedFrames) {
  public MediaProbe {
    requireNonNull(container, "container is null");
    requireNonNull(codec, "codec is null");
  }
}
