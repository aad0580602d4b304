package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.batch.BatchEncoder;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.encoder.TowerSource;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The whole way of the architecture figure, left to right: pixels, tower, connector, projector,
 * pooling. For one thread at a time.
 */
final class FrameEncoder implements BatchEncoder {
  private final TensorRuntime runtime;
  private final FramePreparation preparation;
  private final VisionTower tower;
  private final StateSelection states;
  private final DenseConnector connector;
  private final Projector projector;
  private final TokenPooling pooling;
  private final int tokens;
  private final int channels;

  private FrameEncoder(
      TensorRuntime runtime,
      FramePreparation preparation,
      VisionTower tower,
      StateSelection states,
      Head head) {
    this.runtime = runtime;
    this.preparation = preparation;
    this.tower = tower;
    this.states = states;
    this.connector = head.connector;
    this.projector = head.projector;
    this.pooling = head.pooling;
    this.tokens = head.tokens;
    this.channels = head.channels;
  }

  /** What comes after the tower. */
  private record Head(
      DenseConnector connector,
      Projector projector,
      TokenPooling pooling,
      int tokens,
      int channels) {}

  static FrameEncoder load(TensorRuntime runtime, Checkpoint model, VisionSettings settings) {
    TowerSource source = TowerSource.find(model, settings.towerFolders());
    ModelConfig config = model.config();
    ConnectorKind kind = ConnectorKind.of(config.string("mm_dense_connector_type", ""));
    FramePreparation preparation = preparation(source, config);
    StateSelection states = kind.states(source.config().family(), base(source.config(), config));
    VisionTower tower =
        VisionTower.load(
            runtime, source.weights(), source.config(), settings.precision(), states.last());
    try {
      Head head = head(runtime, model, settings, source.config(), kind);
      return new FrameEncoder(runtime, preparation, tower, states, head);
    } catch (RuntimeException e) {
      tower.close();
      throw e;
    }
  }

  private static FramePreparation preparation(TowerSource source, ModelConfig config) {
    String ratio = config.string("image_aspect_ratio", "square");
    if (ratio.equals("anyres")) {
      throw new CheckpointException("image_aspect_ratio anyres is not supported yet");
    }
    boolean pad = ratio.equals("pad");
    int side = source.config().side();
    FramePreparation preparation =
        source.config().family() == TowerFamily.SIGLIP
            ? FramePreparation.siglip(side, pad)
            : source
                .directory()
                .map(directory -> FramePreparation.clip(directory, side, pad))
                .orElseGet(() -> FramePreparation.clip(side, pad));
    if (preparation.side() != side) {
      throw new CheckpointException(
          "vision tower: crop_size must be image_size, " + side + ": was " + preparation.side());
    }
    return preparation;
  }

  /**
   * The state taken as it is: for SigLIP the last that is run, whatever the model's config says.
   */
  private static int base(TowerConfig tower, ModelConfig config) {
    if (tower.family() == TowerFamily.SIGLIP) {
      return tower.layers() - 1;
    }
    if (!config.string("mm_vision_select_feature", "patch").equals("patch")) {
      throw new CheckpointException("mm_vision_select_feature must be patch");
    }
    int layer = config.integer("mm_vision_select_layer", -2);
    int base = layer < 0 ? tower.layers() + 1 + layer : layer;
    if (base < 0 || base > tower.layers()) {
      throw new CheckpointException(
          "mm_vision_select_layer " + layer + " is beyond the tower's " + tower.layers());
    }
    return base;
  }

  private static Head head(
      TensorRuntime runtime,
      Checkpoint model,
      VisionSettings settings,
      TowerConfig tower,
      ConnectorKind kind) {
    if (kind == ConnectorKind.STI && settings.reduction() == TokenReduction.EFFICIENT) {
      throw new CheckpointException("efficient pooling needs a token grid, which STI has not");
    }
    int channels = model.config().positive("hidden_size");
    Projector projector =
        Projector.load(
            runtime,
            model.under("model."),
            settings.precision(),
            model.config().string("mm_projector_type", "linear"),
            kind.width(tower.width()),
            channels);
    TokenPooling pooling = new TokenPooling(runtime, settings.reduction(), tower.grid());
    return new Head(
        new DenseConnector(runtime, kind),
        projector,
        pooling,
        pooling.remaining(kind.tokens(tower.patches())),
        channels);
  }

  @Override
  public List<VisualTokens> encode(List<Frame> frames) {
    try (Tensor pixels = pixels(frames);
        Tensor joined = connector.join(tower.encode(pixels, states));
        Tensor pooled = pooling.pool(projector.project(joined))) {
      return split(frames, pooled.toFloats());
    }
  }

  /** {@code [B, 3, S, S]} float32. */
  private Tensor pixels(List<Frame> frames) {
    int each = preparation.pixelValues();
    float[] values = new float[Math.multiplyExact(frames.size(), each)];
    for (int i = 0; i < frames.size(); i++) {
      preparation.prepare(frames.get(i), values, i * each);
    }
    return runtime.floats(values, frames.size(), 3, preparation.side(), preparation.side());
  }

  private List<VisualTokens> split(List<Frame> frames, float[] values) {
    List<VisualTokens> results = new ArrayList<>();
    int each = tokens * channels;
    for (int i = 0; i < frames.size(); i++) {
      float[] own = Arrays.copyOfRange(values, i * each, (i + 1) * each);
      results.add(new VisualTokens(frames.get(i).ptsMicros(), tokens, channels, own));
    }
    return results;
  }

  @Override
  public int tokensPerFrame() {
    return tokens;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public void close() {
    tower.close();
    connector.close();
    projector.close();
    pooling.close();
  }
}
