package dev.densestream.visionpipeline.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds of a micro-batch.
 *
 * @param frames most frames in one call
 * @param longestWait longest time the first frame of a batch waits for others
 * @param queueBytes most pixel bytes waiting; a frame beyond that fails
 */
public record BatchLimits(int frames, Duration longestWait, long queueBytes) {
  public BatchLimits {
    requireNonNull(longestWait, "longestWait is null");
    if (frames < 1 || longestWait.isNegative() || queueBytes < 1) {
      throw new IllegalArgumentException(
          "batch limits must be positive: was " + frames + ", " + longestWait + ", " + queueBytes);
    }
  }
}
