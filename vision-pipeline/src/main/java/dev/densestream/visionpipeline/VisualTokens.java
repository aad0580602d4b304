package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

/**
 * What the language model sees of one frame: {@code values [N, C]} float32, row-major, in the
 * language model's embedding space (after connector, projector and pooling).
 *
 * @param ptsMicros of the frame, as the frame had it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
public record VisualTokens(long ptsMicros, int tokens, int channels, float[] values) {
  public VisualTokens {
    requireNonNull(values, "values is null");
    if (tokens < 1 || channels < 1 || values.length != (long) tokens * channels) {
      throw new IllegalArgumentException(
          "values must be [N, C]: was "
              + values.length
              + " for ["
              + tokens
              + ", "
              + channels
              + "]");
    }
  }

  @Override
  public String toString() {
    return "VisualTokens[" + tokens + ", " + channels + " at " + ptsMicros + "us]";
  }
}
