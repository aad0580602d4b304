package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.encoder.TowerSource;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.util.List;

/**
 * What a model's projector is given, for those who train it: the tower and the connector as they
 * serve, and how the projector's tokens go on. For one thread at a time; the caller closes it.
 */
public final class ProjectorInput implements AutoCloseable {
  private final TensorRuntime runtime;
  private final FramePreparation preparation;
  private final ConnectorStack stack;
  private final VisionSettings settings;

  private ProjectorInput(
      TensorRuntime runtime,
      FramePreparation preparation,
      ConnectorStack stack,
      VisionSettings settings) {
    this.runtime = runtime;
    this.preparation = preparation;
    this.stack = stack;
    this.settings = settings;
  }

  /**
   * Loads the tower.
   *
   * @param runtime borrowed
   * @throws CheckpointException if the directory does not hold a model whose projector can be
   *     trained so
   */
  public static ProjectorInput open(
      TensorRuntime runtime, Checkpoint model, VisionSettings settings) {
    TowerSource source = TowerSource.find(model, settings.towerFolders());
    ConnectorStack stack = ConnectorStack.load(runtime, model, source, settings);
    if (stack.highResolution().isPresent()) {
      stack.close();
      throw new CheckpointException(
          model.config().file()
              + ": models with mm_vision_tower_aux cannot be trained; those with one tower can");
    }
    if (settings.reduction() == TokenReduction.EFFICIENT && !stack.isMap()) {
      stack.close();
      throw new CheckpointException(
          "efficient pooling needs a token grid, which sti and cls_patch have not");
    }
    FramePreparation preparation = FrameEncoder.preparation(source, model.config());
    return new ProjectorInput(runtime, preparation, stack, settings);
  }

  /** Channels. */
  public int width() {
    return stack.width();
  }

  /** Tokens of a frame in front of what pools them. */
  public int tokens() {
    return stack.tokens();
  }

  /** Tokens along a side of the map that is halved; 0 where it is not. */
  public int halvedGrid() {
    return settings.reduction() == TokenReduction.EFFICIENT ? stack.grid() : 0;
  }

  /** Whether each two neighbours are pooled to the larger. */
  public boolean paired() {
    return settings.videoPooling() == VideoPooling.PAIRWISE_MAX;
  }

  /** Tokens of a frame that the language model gets. */
  public int tokensOfAFrame() {
    int half = halvedGrid() / 2;
    int fewer = half > 0 ? half * half : tokens();
    return paired() ? fewer / 2 : fewer;
  }

  /**
   * {@code [frames, tokens, width]} in the tower's precision, all frames in one call; the caller
   * closes it.
   */
  public Tensor of(List<Frame> frames) {
    float[] values = new float[Math.multiplyExact(frames.size(), preparation.pixelValues())];
    for (int i = 0; i < frames.size(); i++) {
      preparation.prepare(frames.get(i), values, i * preparation.pixelValues());
    }
    try (Tensor pixels =
        runtime.floats(values, frames.size(), 3, preparation.side(), preparation.side())) {
      return stack.join(pixels);
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
