package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.encoder.TowerSource;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.mining.HighResolution;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The whole way of the architecture figure, left to right: pixel values, tower, for Mini-Gemini the
 * mining, connector, projector, pooling. For one thread at a time.
 */
final class VisualStack implements AutoCloseable {
  private final TensorRuntime runtime;
  private final Deque<AutoCloseable> parts;
  private final VisionTower tower;
  private final StateSelection states;
  private final Optional<HighResolution> highResolution;
  private final DenseConnector connector;
  private final Projector projector;
  private final TokenPooling pooling;
  private final Shape shape;

  /**
   * What goes in and comes out.
   *
   * @param side pixels along a side of an image
   * @param grid tokens along a side of an image's map, after Efficient pooling; 0 if they are no
   *     map
   * @param tokens per image, before what videos are pooled by
   * @param halved whether Efficient pooling is on
   * @param channels per token
   * @param batch most images in one call
   */
  record Shape(int side, int grid, int tokens, boolean halved, int channels, int batch) {}

  /** Loads it; if anything fails, what was loaded before is closed again. */
  static VisualStack load(
      TensorRuntime runtime, Checkpoint model, TowerSource source, VisionSettings settings) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return new VisualStack(runtime, model, source, settings, parts);
    } catch (RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  private VisualStack(
      TensorRuntime runtime,
      Checkpoint model,
      TowerSource source,
      VisionSettings settings,
      Deque<AutoCloseable> parts) {
    this.runtime = runtime;
    this.parts = parts;
    TowerConfig config = source.config();
    ConnectorKind kind = ConnectorKind.of(model.config().string("mm_dense_connector_type", ""));
    states = states(config, model.config(), kind);
    tower =
        keep(
            VisionTower.load(
                runtime, source.weights(), config, settings.precision(), states.last()));
    highResolution =
        HighResolution.isIn(model.config())
            ? Optional.of(keep(HighResolution.load(runtime, model, settings, config)))
            : Optional.empty();
    connector = keep(new DenseConnector(runtime, kind));
    projector = keep(projector(runtime, model, settings, kind.width(config.width())));
    pooling = keep(new TokenPooling(runtime));
    shape = shape(model, config, settings, kind);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
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

  private static Projector projector(
      TensorRuntime runtime, Checkpoint model, VisionSettings settings, int in) {
    return Projector.load(
        runtime,
        model.under("model."),
        settings.precision(),
        model.config().string("mm_projector_type", "linear"),
        in,
        model.config().positive("hidden_size"));
  }

  private Shape shape(
      Checkpoint model, TowerConfig tower, VisionSettings settings, ConnectorKind kind) {
    boolean halved = settings.reduction() == TokenReduction.EFFICIENT;
    boolean isMap = kind != ConnectorKind.STI && !states.keepsClass();
    if (halved && !isMap) {
      throw new CheckpointException(
          "efficient pooling needs a token grid, which sti and cls_patch have not");
    }
    int grid = halved ? tower.grid() / 2 : tower.grid();
    int all = kind.tokens(states.keepsClass() ? tower.tokens() : tower.patches());
    int views = highResolution.map(HighResolution::views).orElse(1);
    return new Shape(
        highResolution.map(HighResolution::side).orElse(tower.side()),
        isMap && views == 1 ? grid : 0,
        views * (halved ? grid * grid : all),
        halved,
        model.config().positive("hidden_size"),
        highResolution.isPresent() ? 1 : settings.maxBatch()); // a high-resolution map is large
  }

  Shape shape() {
    return shape;
  }

  /**
   * Pixel values {@code [images, 3, side, side]} to {@code [images, N, channels]}.
   *
   * @param paired pooled over pairs, as a video's frames are
   */
  float[] encode(float[] pixels, int images, boolean paired) {
    if (images <= shape.batch) {
      return encodeBatch(pixels, images, paired);
    }
    int each = pixels.length / images;
    List<float[]> parts = new ArrayList<>();
    for (int from = 0; from < images; from += shape.batch) {
      int to = Math.min(images, from + shape.batch);
      float[] own = Arrays.copyOfRange(pixels, from * each, to * each);
      parts.add(encodeBatch(own, to - from, paired));
    }
    return joined(parts);
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private float[] encodeBatch(float[] values, int images, boolean paired) {
    try (Tensor pixels = runtime.floats(values, images, 3, shape.side, shape.side);
        Tensor joined = connector.join(states(pixels));
        Tensor pooled = pooled(projector.project(joined), paired)) {
      return pooled.toFloats();
    }
  }

  /** The base, enriched where there is more to see, and the groups. */
  private List<Tensor> states(Tensor pixels) {
    if (highResolution.isEmpty()) {
      return tower.encode(pixels, states);
    }
    try (Tensor low = highResolution.get().shrunk(pixels)) {
      List<Tensor> kept = new ArrayList<>(tower.encode(low, states));
      kept.set(0, highResolution.get().enriched(kept.getFirst(), pixels));
      return kept;
    }
  }

  private Tensor pooled(Tensor tokens, boolean paired) {
    int whole = (int) Math.round(Math.sqrt((double) tokens.shape()[1]));
    Tensor fewer = shape.halved ? pooling.halveGrid(tokens, whole) : tokens;
    Tensor row = highResolution.isPresent() ? highResolution.get().inOneRow(fewer) : fewer;
    return paired ? pooling.pairwiseMax(row) : row;
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a part of the vision model failed", e);
      }
    }
  }

  @Override
  public void close() {
    closeAll(parts);
  }
}
