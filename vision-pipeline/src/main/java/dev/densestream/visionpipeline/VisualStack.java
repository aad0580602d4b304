package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.encoder.TowerSource;
import dev.densestream.visionpipeline.mining.HighResolution;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The whole way of the architecture figure, left to right: pixel values, tower, for Mini-Gemini the
 * mining, connector, projector, pooling. For one thread at a time.
 */
final class VisualStack implements AutoCloseable {
  private final TensorRuntime runtime;
  private final Deque<AutoCloseable> parts;
  private final ConnectorStack connector;
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
    connector = keep(ConnectorStack.load(runtime, model, source, settings));
    projector = keep(projector(runtime, model, settings, connector.width()));
    pooling = keep(new TokenPooling(runtime));
    shape = shape(model, settings);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
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

  private Shape shape(Checkpoint model, VisionSettings settings) {
    boolean halved = settings.reduction() == TokenReduction.EFFICIENT;
    if (halved && !connector.isMap()) {
      throw new CheckpointException(
          "efficient pooling needs a token grid, which sti and cls_patch have not");
    }
    int grid = halved ? connector.grid() / 2 : connector.grid();
    int views = connector.highResolution().map(HighResolution::views).orElse(1);
    return new Shape(
        connector.side(),
        connector.isMap() && views == 1 ? grid : 0,
        views * (halved ? grid * grid : connector.tokens()),
        halved,
        model.config().positive("hidden_size"),
        connector.highResolution().isPresent()
            ? 1
            : settings.maxBatch()); // a high-resolution map is large
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
        Tensor joined = connector.join(pixels);
        Tensor pooled = pooled(projector.project(joined), paired)) {
      return pooled.toFloats();
    }
  }

  private Tensor pooled(Tensor tokens, boolean paired) {
    int whole = (int) Math.round(Math.sqrt((double) tokens.shape()[1]));
    Tensor fewer = shape.halved ? pooling.halveGrid(tokens, whole) : tokens;
    Tensor row = connector.highResolution().map(high -> high.inOneRow(fewer)).orElse(fewer);
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
