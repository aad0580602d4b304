package dev.densestream.visionpipeline.mining;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.VisionSettings;
import dev.densestream.visionpipeline.Weights;
import dev.densestream.visionpipeline.encoder.TowerSource;
import java.nio.file.Path;

/**
 * Mini-Gemini's second encoder with its mining: adds to the tokens of the first what the same image
 * shows at a higher resolution.
 */
public final class HighResolution implements AutoCloseable {
  private static final String COPY = "model.vision_tower_aux.";
  private static final String FILE = "open_clip_model.safetensors";

  private final ConvNextTower tower;
  private final PatchMining mining;
  private final int side;
  private final int lowSide;

  private HighResolution(ConvNextTower tower, PatchMining mining, int side, int lowSide) {
    this.tower = tower;
    this.mining = mining;
    this.side = side;
    this.lowSide = lowSide;
  }

  /** Whether a model has a second encoder at all. */
  public static boolean isIn(ModelConfig config) {
    return config.has("mm_vision_tower_aux");
  }

  /**
   * Loads it.
   *
   * @param lowSide pixels along a side of the first tower's input
   * @param lowGrid tokens along a side of the first tower's output
   * @param lowWidth channels of the first tower
   */
  public static HighResolution load(
      TensorRuntime runtime,
      Checkpoint model,
      VisionSettings settings,
      int lowSide,
      int lowGrid,
      int lowWidth) {
    ModelConfig config = model.config();
    if (config.integer("image_grid", 1) != 1 || config.flag("image_global", false)) {
      throw new CheckpointException(
          config.file() + ": key image_grid above 1, and image_global, are not supported");
    }
    int side = config.integer("image_size_aux", 320);
    if (side < 4 * lowGrid || side / 4 % lowGrid != 0 || side % 4 != 0) {
      throw new CheckpointException(
          config.file()
              + ": key image_size_aux must give each of the "
              + lowGrid
              + " x "
              + lowGrid
              + " tokens as many cells of 4 pixels: was "
              + side);
    }
    ConvNextTower tower = tower(runtime, model, settings);
    try {
      PatchMining mining =
          PatchMining.load(
              runtime, model.under("model."), settings.precision(), lowWidth, tower.channels());
      return new HighResolution(tower, mining, side, lowSide);
    } catch (RuntimeException e) {
      tower.close();
      throw e;
    }
  }

  /** The copy inside the checkpoint, else the directory that the config names. */
  private static ConvNextTower tower(
      TensorRuntime runtime, Checkpoint model, VisionSettings settings) {
    Precision precision = settings.precision();
    if (model.has(COPY + "vision_stem.0.weight")) {
      return ConvNextTower.load(
          runtime,
          model.under(COPY + "vision_stem."),
          model.under(COPY + "vision_stages."),
          precision);
    }
    String name = model.config().string("mm_vision_tower_aux");
    Path directory =
        TowerSource.directory(model.directory(), name, settings.towerFolders(), FILE)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "high-resolution vision tower "
                            + name
                            + " was not found: put its directory, with "
                            + FILE
                            + ", beside or inside "
                            + model.directory()));
    Weights weights = Checkpoint.openFile(directory.resolve(FILE)).under("visual.trunk.");
    return ConvNextTower.load(runtime, weights.under("stem."), weights.under("stages."), precision);
  }

  /** Pixels along a side of its input. */
  public int side() {
    return side;
  }

  /** The first tower's pixels, from its own; both {@code [B, 3, S, S]} with S of their own. */
  public Tensor shrunk(Tensor pixels) {
    return mining.shrunk(pixels, lowSide);
  }

  /** Takes tokens {@code [B, N, C]} over and gives them back with the detail of the pixels. */
  public Tensor enriched(Tensor low, Tensor pixels) {
    try (low;
        Tensor high = tower.features(pixels);
        Tensor found = mining.mined(low, high)) {
      return mining.add(low, found);
    }
  }

  @Override
  public void close() {
    tower.close();
    mining.close();
  }
}
