package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.batch.BatchLimits;
import dev.densestream.visionpipeline.batch.MicroBatchEncoder;
import dev.densestream.visionpipeline.encoder.TowerSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The vision half of a model directory. */
public final class VisionModel {
  private VisionModel() {}

  /**
   * Loads tower and projector and starts the encoding thread.
   *
   * @param runtime borrowed; must stay open longer than the encoder
   * @throws CheckpointException if the directory does not hold a model this can run
   */
  public static VisionEncoder load(
      TensorRuntime runtime, Path modelDirectory, VisionSettings settings, MeterRegistry registry) {
    FrameEncoder encoder = FrameEncoder.load(runtime, Checkpoint.open(modelDirectory), settings);
    BatchLimits limits =
        new BatchLimits(settings.maxBatch(), settings.maxWait(), settings.queueBytes());
    return MicroBatchEncoder.start(encoder, limits, registry);
  }

  /**
   * How many numbers of a whole model are loaded, the language model's included and a copy of the
   * vision tower that is not used left out.
   *
   * @param counted which tensors, by key
   * @throws CheckpointException if there is no vision tower
   */
  public static long parameters(
      Checkpoint model, VisionSettings settings, Predicate<String> counted) {
    return TowerSource.find(model, settings.towerFolders()).parameters(model, counted);
  }

  /** As {@link #load}, with nobody to read the metrics. */
  public static VisionEncoder load(
      TensorRuntime runtime, Path modelDirectory, VisionSettings settings) {
    return load(runtime, modelDirectory, settings, new SimpleMeterRegistry());
  }
}
