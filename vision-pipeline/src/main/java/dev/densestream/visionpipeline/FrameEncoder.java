package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.batch.BatchEncoder;
import dev.densestream.visionpipeline.batch.ViewedFrame;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.encoder.TowerSource;
import dev.densestream.visionpipeline.mining.HighResolution;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Frames to visual tokens: prepares pixels, runs the stack, packs. For one thread at a time. */
final class FrameEncoder implements BatchEncoder {
  private final FramePreparation preparation;
  private final VisualStack stack;
  private final boolean pairsVideo;

  /** How still images are seen; empty where as frames are. */
  private final Optional<StillTiles> stills;

  private final TensorRuntime runtime;

  private FrameEncoder(
      TensorRuntime runtime,
      FramePreparation preparation,
      VisualStack stack,
      boolean pairsVideo,
      Optional<StillTiles> stills) {
    this.runtime = runtime;
    this.preparation = preparation;
    this.stack = stack;
    this.pairsVideo = pairsVideo;
    this.stills = stills;
  }

  static FrameEncoder load(TensorRuntime runtime, Checkpoint model, VisionSettings settings) {
    TowerSource source = TowerSource.find(model, settings.towerFolders());
    ModelConfig config = model.config();
    FramePreparation preparation = preparation(source, config);
    VisualStack stack = VisualStack.load(runtime, model, source, settings);
    try {
      boolean tiled = config.string("image_aspect_ratio", "square").equals("anyres");
      return new FrameEncoder(
          runtime,
          preparation,
          stack,
          settings.videoPooling() == VideoPooling.PAIRWISE_MAX,
          tiled
              ? Optional.of(StillTiles.of(runtime, model, preparation, stack.shape()))
              : Optional.empty());
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /** A model for tiles sees a video's frames padded, as the released code does. */
  static FramePreparation preparation(TowerSource source, ModelConfig config) {
    String ratio = config.string("image_aspect_ratio", "square");
    boolean pad = ratio.equals("pad") || ratio.equals("anyres");
    TowerConfig tower = source.config();
    if (HighResolution.isIn(config)) {
      return FramePreparation.clip(config.integer("image_size_aux", 320), pad);
    }
    FramePreparation preparation =
        tower.family() == TowerFamily.SIGLIP
            ? FramePreparation.siglip(tower.side(), pad)
            : source
                .directory()
                .map(directory -> FramePreparation.clip(directory, tower.side(), pad))
                .orElseGet(() -> FramePreparation.clip(tower.side(), pad));
    if (preparation.side() != tower.side()) {
      throw new CheckpointException(
          "vision tower: crop_size must be image_size, "
              + tower.side()
              + ": was "
              + preparation.side());
    }
    return preparation;
  }

  @Override
  public void begin() {
    runtime.goApart();
  }

  @Override
  public List<VisualTokens> encode(List<ViewedFrame> frames) {
    VisualTokens[] results = new VisualTokens[frames.size()];
    List<Integer> stillImages = new ArrayList<>();
    List<Integer> videoFrames = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      ViewedFrame viewed = frames.get(i);
      if (viewed.view().still() && stills.isPresent()) {
        results[i] = stills.get().encode(viewed.frame(), viewed.view().mostTokens(), stack);
      } else {
        (viewed.view().still() ? stillImages : videoFrames).add(i);
      }
    }
    encode(frames, stillImages, false, results);
    encode(frames, videoFrames, pairsVideo, results);
    return List.of(results);
  }

  /** Those of the frames that are one image each, in one call. */
  private void encode(
      List<ViewedFrame> frames, List<Integer> which, boolean paired, VisualTokens[] results) {
    if (which.isEmpty()) {
      return;
    }
    int pixels = preparation.pixelValues();
    float[] values = new float[Math.multiplyExact(which.size(), pixels)];
    for (int i = 0; i < which.size(); i++) {
      preparation.prepare(frames.get(which.get(i)).frame(), values, i * pixels);
    }
    float[] encoded = stack.encode(values, which.size(), paired);
    int each = encoded.length / which.size();
    int channels = channels();
    for (int i = 0; i < which.size(); i++) {
      Frame frame = frames.get(which.get(i)).frame();
      float[] own = Arrays.copyOfRange(encoded, i * each, (i + 1) * each);
      results[which.get(i)] = new VisualTokens(frame.ptsMicros(), each / channels, channels, own);
    }
  }

  @Override
  public int tokensPerFrame() {
    int tokens = stack.shape().tokens();
    return pairsVideo ? tokens / 2 : tokens;
  }

  @Override
  public int leastStillTokens() {
    return stills.map(StillTiles::leastTokens).orElse(stack.shape().tokens());
  }

  @Override
  public int channels() {
    return stack.shape().channels();
  }

  @Override
  public void close() {
    stack.close();
  }
}
