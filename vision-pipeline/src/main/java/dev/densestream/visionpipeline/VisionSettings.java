package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How frames are encoded.
 *
 * @param reduction what happens to tokens after the projector; the model must be trained for it
 * @param videoPooling what further happens to the tokens of a video's frames
 * @param precision of weights and products
 * @param maxBatch most frames in one encoder call
 * @param maxWait longest time a frame waits for others to share a call with
 * @param queueBytes most pixel bytes waiting, the fuse behind the callers' own bounds
 * @param towerFolders where to look for {@code mm_vision_tower}, besides the model's directory and
 *     the two above it
 */
public record VisionSettings(
    TokenReduction reduction,
    VideoPooling videoPooling,
    Precision precision,
    int maxBatch,
    Duration maxWait,
    long queueBytes,
    List<Path> towerFolders) {
  public VisionSettings {
    requireNonNull(reduction, "reduction is null");
    requireNonNull(videoPooling, "videoPooling is null");
    requireNonNull(precision, "precision is null");
    requireNonNull(maxWait, "maxWait is null");
    towerFolders = List.copyOf(towerFolders);
    if (maxBatch < 1 || maxWait.isNegative() || queueBytes < 1) {
      throw new IllegalArgumentException(
          "maxBatch, maxWait and queueBytes must be positive: was "
              + maxBatch
              + ", "
              + maxWait
              + ", "
              + queueBytes);
    }
  }

  /** All tokens, float32, batches of up to 4, 10 ms, 512 MiB. */
  public static VisionSettings defaults() {
    return new VisionSettings(
        TokenReduction.NONE,
        VideoPooling.NONE,
        Precision.FP32,
        4,
        Duration.ofMillis(10),
        512L << 20,
        List.of());
  }

  public VisionSettings withReduction(TokenReduction other) {
    return new VisionSettings(
        other, videoPooling, precision, maxBatch, maxWait, queueBytes, towerFolders);
  }

  public VisionSettings withVideoPooling(VideoPooling other) {
    return new VisionSettings(
        reduction, other, precision, maxBatch, maxWait, queueBytes, towerFolders);
  }

  public VisionSettings withPrecision(Precision other) {
    return new VisionSettings(
        reduction, videoPooling, other, maxBatch, maxWait, queueBytes, towerFolders);
  }

  public VisionSettings withTowerFolders(List<Path> others) {
    return new VisionSettings(
        reduction, videoPooling, precision, maxBatch, maxWait, queueBytes, others);
  }
}
