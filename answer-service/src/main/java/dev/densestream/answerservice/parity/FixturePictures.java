package dev.densestream.answerservice.parity;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.StillImage;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.VideoPooling;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisionModel;
import dev.densestream.visionpipeline.VisionSettings;
import dev.densestream.visionpipeline.VisualTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Encodes the pictures of a run from their files, as the vision half of the model does. */
record FixturePictures(TensorRuntime runtime, Path folder) {
  private static final long MOST_PIXELS = 100_000_000;

  /** Visual tokens of all pictures in order, [N, C]. */
  float[] encode(JsonNode run) {
    boolean pooled = run.path("if_pool").asBoolean(false);
    VisionSettings settings =
        VisionSettings.defaults()
            .withVideoPooling(pooled ? VideoPooling.PAIRWISE_MAX : VideoPooling.NONE)
            .withTowerFolders(List.of(folder.resolveSibling("vision")));
    List<VisualTokens> tokens = new ArrayList<>();
    try (VisionEncoder encoder =
        VisionModel.load(runtime, folder.resolve("checkpoint"), settings)) {
      for (JsonNode image : run.path("images")) {
        // One at a time: this is a comparison, not a service.
        tokens.add(encoder.encode(frame(image.asString()), view(run)).toFuture().join());
      }
    }
    return joined(tokens);
  }

  private static FrameView view(JsonNode run) {
    return run.path("video").asBoolean(false) ? FrameView.VIDEO : FrameView.STILL;
  }

  private Frame frame(String image) {
    try {
      return StillImage.read(Files.readAllBytes(folder.resolveSibling(image)), MOST_PIXELS);
    } catch (IOException e) {
      throw new UncheckedIOException(image + " cannot be read", e);
    }
  }

  private static float[] joined(List<VisualTokens> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (VisualTokens part : parts) {
      System.arraycopy(part.values(), 0, all, at, part.values().length);
      at += part.values().length;
    }
    return all;
  }
}
