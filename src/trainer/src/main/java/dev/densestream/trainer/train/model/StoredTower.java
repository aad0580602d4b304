package dev.densestream.trainer.train.model;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The vision tower of a model that was trained before. */
public final class StoredTower {
  private StoredTower() {}

  /**
   * Its parameters' values by key.
   *
   * @param directory with the tower's config and weights, as {@link ModelWriter} writes it
   * @param table of a model with a tower of the same sizes
   * @throws IllegalArgumentException naming the directory, if it has no such tower
   */
  public static Map<String, float[]> read(
      Path directory, ParameterTable table, TensorRuntime runtime) {
    Map<String, float[]> values = new LinkedHashMap<>();
    try {
      Checkpoint stored = Checkpoint.open(directory);
      table
          .ofTower()
          .forEach(
              parameter -> {
                try (Tensor tensor =
                    stored.tensor(runtime, parameter.key(), Precision.FP32, parameter.shape())) {
                  values.put(parameter.key(), tensor.toFloats());
                }
              });
    } catch (CheckpointException e) {
      throw new IllegalArgumentException("towerFrom: " + e.getMessage(), e);
    }
    return values;
  }
}
