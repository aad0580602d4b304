package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.StillImage;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A fixture folder: its cases, images and towers. */
record Fixtures(Path folder) {
  static final double PIXEL_TOLERANCE = 1e-5;
  static final double TENSOR_TOLERANCE = 1e-4;
  private static final long MOST_PIXELS = 100_000_000;

  boolean has(String kind) {
    return Files.isRegularFile(folder.resolve(kind).resolve("case.json"));
  }

  ModelConfig settings(String kind) {
    return ModelConfig.read(folder.resolve(kind).resolve("case.json"));
  }

  Frame image(String path) {
    try {
      return StillImage.read(Files.readAllBytes(folder.resolve(path)), MOST_PIXELS);
    } catch (IOException e) {
      throw new UncheckedIOException("fixture image " + path, e);
    }
  }

  List<Frame> images(ModelConfig settings) {
    List<Frame> frames = new ArrayList<>();
    for (JsonNode path : settings.json().get("images")) {
      frames.add(image(path.stringValue()));
    }
    return frames;
  }

  Path towerFolder(String tower) {
    return folder.resolve("vision").resolve(tower);
  }

  TowerConfig towerConfig(String tower) {
    return TowerConfig.read(
        ModelConfig.read(towerFolder(tower).resolve("config.json")), TowerFamily.of(tower));
  }

  VisionTower tower(TensorRuntime runtime, String tower, int blocks) {
    return VisionTower.load(
        runtime, Checkpoint.open(towerFolder(tower)), towerConfig(tower), Precision.FP32, blocks);
  }

  FramePreparation preparation(String tower, boolean pad) {
    TowerConfig config = towerConfig(tower);
    return switch (config.family()) {
      case CLIP -> FramePreparation.clip(towerFolder(tower), config.side(), pad);
      case SIGLIP -> FramePreparation.siglip(config.side(), pad);
    };
  }

  /** {@code [B, 3, S, S]}. */
  static Tensor pixels(TensorRuntime runtime, FramePreparation preparation, List<Frame> frames) {
    float[] pixels = new float[frames.size() * preparation.pixelValues()];
    for (int i = 0; i < frames.size(); i++) {
      preparation.prepare(frames.get(i), pixels, i * preparation.pixelValues());
    }
    return runtime.floats(pixels, frames.size(), 3, preparation.side(), preparation.side());
  }
}
