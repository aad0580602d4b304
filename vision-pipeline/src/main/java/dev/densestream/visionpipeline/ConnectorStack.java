package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.encoder.TowerSource;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.mining.HighResolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way up to the projector: pixel values, tower, for Mini-Gemini the mining, connector. Nothing
 * here is learnt in the first stage of training. For one thread at a time.
 */
final class ConnectorStack implements AutoCloseable {
  private final TowerConfig tower;
  private final ConnectorKind kind;
  private final StateSelection states;
  private final VisionTower program;
  private final Optional<HighResolution> highResolution;
  private final DenseConnector connector;

  private ConnectorStack(
      TowerConfig tower,
      ConnectorKind kind,
      StateSelection states,
      VisionTower program,
      Optional<HighResolution> highResolution,
      DenseConnector connector) {
    this.tower = tower;
    this.kind = kind;
    this.states = states;
    this.program = program;
    this.highResolution = highResolution;
    this.connector = connector;
  }

  /** Loads it; if anything fails, what was loaded before is closed again. */
  static ConnectorStack load(
      TensorRuntime runtime, Checkpoint model, TowerSource source, VisionSettings settings) {
    TowerConfig config = source.config();
    ConnectorKind kind = ConnectorKind.of(model.config().string("mm_dense_connector_type", ""));
    StateSelection states = states(config, model.config(), kind);
    VisionTower tower =
        VisionTower.load(runtime, source.weights(), config, settings.precision(), states.last());
    try {
      Optional<HighResolution> highResolution =
          HighResolution.isIn(model.config())
              ? Optional.of(HighResolution.load(runtime, model, settings, config))
              : Optional.empty();
      DenseConnector connector = new DenseConnector(runtime, kind);
      return new ConnectorStack(config, kind, states, tower, highResolution, connector);
    } catch (RuntimeException e) {
      tower.close();
      throw e;
    }
  }

  /** SigLIP's base is the last state that is run, whatever the model's config says. */
  private static StateSelection states(TowerConfig tower, ModelConfig config, ConnectorKind kind) {
    if (tower.family() == TowerFamily.SIGLIP) {
      return kind.states(tower.family(), tower.layers() - 1);
    }
    int layer = config.integer("mm_vision_select_layer", -2);
    int base = layer < 0 ? tower.layers() + 1 + layer : layer;
    if (base < 0 || base > tower.layers()) {
      throw new CheckpointException(
          config.file()
              + ": key mm_vision_select_layer "
              + layer
              + " is beyond the vision tower's "
              + tower.layers()
              + " layers");
    }
    StateSelection states = kind.states(tower.family(), base);
    return switch (config.string("mm_vision_select_feature", "patch")) {
      case "patch" -> states;
      case "cls_patch" -> {
        if (HighResolution.isIn(config)) {
          throw new CheckpointException(
              config.file()
                  + ": key mm_vision_select_feature must be patch with mm_vision_tower_aux");
        }
        yield states.keepingClass();
      }
      default ->
          throw new CheckpointException(
              config.file() + ": key mm_vision_select_feature must be patch or cls_patch");
    };
  }

  Optional<HighResolution> highResolution() {
    return highResolution;
  }

  /** Pixels along a side of an image. */
  int side() {
    return highResolution.map(HighResolution::side).orElse(tower.side());
  }

  /** Tokens along a side of what is seen at once. */
  int grid() {
    return tower.grid();
  }

  /** Whether tokens are the cells of a map. */
  boolean isMap() {
    return kind != ConnectorKind.STI && !states.keepsClass();
  }

  /** Of what is seen at once. */
  int tokens() {
    return kind.tokens(states.keepsClass() ? tower.tokens() : tower.patches());
  }

  /** Channels in front of the projector. */
  int width() {
    return kind.width(tower.width());
  }

  /**
   * Pixel values {@code [images, 3, side, side]}, borrowed, to {@code [images, tokens, width]}; the
   * caller closes it.
   */
  Tensor join(Tensor pixels) {
    return connector.join(states(pixels));
  }

  /** The base, enriched where there is more to see, and the groups. */
  private List<Tensor> states(Tensor pixels) {
    if (highResolution.isEmpty()) {
      return program.encode(pixels, states);
    }
    try (Tensor low = highResolution.get().shrunk(pixels)) {
      List<Tensor> kept = new ArrayList<>(program.encode(low, states));
      kept.set(0, highResolution.get().enriched(kept.getFirst(), pixels));
      return kept;
    }
  }

  @Override
  public void close() {
    connector.close();
    highResolution.ifPresent(HighResolution::close);
    program.close();
  }
}
