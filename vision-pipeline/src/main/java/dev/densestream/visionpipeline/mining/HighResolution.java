package dev.densestream.visionpipeline.mining;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.VisionSettings;
import dev.densestream.visionpipeline.Weights;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Mini-Gemini's second encoder with its mining: adds to the tokens of the first what the same image
 * shows at a higher resolution.
 */
public final class HighResolution implements AutoCloseable {
  private static final String COPY = "model.vision_tower_aux.";

  /** What the tower's own directory may hold, the first there is being read. */
  private static final List<String> FILES =
      List.of("open_clip_model.safetensors", "open_clip_pytorch_model.bin");

  private final ConvNextTower tower;
  private final PatchMining mining;
  private final LowViews views;

  private HighResolution(ConvNextTower tower, PatchMining mining, LowViews views) {
    this.tower = tower;
    this.mining = mining;
    this.views = views;
  }

  /** Whether a model has a second encoder at all. */
  public static boolean isIn(ModelConfig config) {
    return config.has("mm_vision_tower_aux");
  }

  /**
   * Loads it.
   *
   * @param low the first tower
   */
  public static HighResolution load(
      TensorRuntime runtime, Checkpoint model, VisionSettings settings, TowerConfig low) {
    LowViews views = LowViews.of(model.config(), low);
    ConvNextTower tower = tower(runtime, model, settings);
    try {
      PatchMining mining =
          PatchMining.load(
              runtime, model.under("model."), settings.precision(), low.width(), tower.channels());
      return new HighResolution(tower, mining, views);
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
    Weights weights = Checkpoint.openFile(file(model, settings)).under("visual.trunk.");
    return ConvNextTower.load(runtime, weights.under("stem."), weights.under("stages."), precision);
  }

  private static Path file(Checkpoint model, VisionSettings settings) {
    String name = model.config().string("mm_vision_tower_aux");
    for (String file : FILES) {
      Optional<Path> directory =
          TowerSource.directory(model.directory(), name, settings.towerFolders(), file);
      if (directory.isPresent()) {
        return directory.get().resolve(file);
      }
    }
    throw new CheckpointException(
        "high-resolution vision tower "
            + name
            + " was not found: put its directory, with "
            + String.join(" or ", FILES)
            + ", beside or inside "
            + model.directory());
  }

  /** Pixels along a side of its input. */
  public int side() {
    return views.side();
  }

  /** How often the first tower looks at an image. */
  public int views() {
    return views.count();
  }

  /**
   * The first tower's pixels, {@code [views, 3, s, s]}, from its own, {@code [1, 3, S, S]},
   * borrowed: the overview, where there is one, and then the parts, row by row.
   */
  public Tensor shrunk(Tensor pixels) {
    return mining.shrunk(pixels, views);
  }

  /** Takes tokens {@code [views, N, C]} over and gives them back with the detail of the pixels. */
  public Tensor enriched(Tensor low, Tensor pixels) {
    try (low;
        Tensor high = tower.features(pixels);
        Tensor parts = mining.parts(high, views);
        Tensor found = mining.mined(low, parts)) {
      return mining.add(low, found);
    }
  }

  /** Takes {@code [views, N, C]} over and gives {@code [1, views N, C]}, which is one image's. */
  public Tensor inOneRow(Tensor tokens) {
    try (tokens) {
      return mining.inOneRow(tokens);
    }
  }

  @Override
  public void close() {
    tower.close();
    mining.close();
  }
}
