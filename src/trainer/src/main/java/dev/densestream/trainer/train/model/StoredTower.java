package dev.densestream.trainer.train.model;

import dev.densestream.trainer.train.config.TowerPlan;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
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
   * @param plan the sizes that it must have
   * @param table of a model with such a tower
   * @throws IllegalArgumentException naming the directory, if it has no such tower
   */
  public static Map<String, float[]> read(
      Path directory, TowerPlan plan, ParameterTable table, TensorRuntime runtime) {
    Map<String, float[]> values = new LinkedHashMap<>();
    try {
      Checkpoint stored = Checkpoint.open(directory);
      // Heads change no shape: other ones would go unnoticed.
      ModelConfig config = stored.config().section("vision_config");
      if (config.positive("num_attention_heads") != plan.heads()) {
        throw config.wrong("num_attention_heads", "be the config's " + plan.heads());
      }
      table.ofTower().forEach(p -> values.put(p.key(), p.stored(stored, runtime)));
    } catch (CheckpointException e) {
      throw new IllegalArgumentException("towerFrom: " + e.getMessage(), e);
    }
    return values;
  }
}
