package dev.densestream.visionpipeline.preprocess;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One encoder's way from a frame to pixel values {@code [3, side, side]} float32. Keeps buffers:
 * for one thread at a time.
 */
public final class FramePreparation {
  private static final String DEVIATION = "image_std";
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private final int side;
  private final Fit fit;
  private final FrameResize resize;
  private final byte[] square;

  /** {@code [3, 256]}: what becomes of each byte. */
  private final float[] normalized = new float[3 * 256];

  /** What happens to a frame that is not square. */
  private enum Fit {
    PAD,
    CROP,
    STRETCH
  }

  private FramePreparation(int side, Fit fit, List<Double> mean, List<Double> std) {
    this.side = side;
    this.fit = fit;
    this.square = new byte[side * side * 3];
    byte[] background = new byte[3];
    for (int channel = 0; channel < 3; channel++) {
      background[channel] = (byte) (int) (mean.get(channel) * 255);
      for (int value = 0; value < 256; value++) {
        float scaled = (float) (value * (1 / 255.0));
        normalized[channel * 256 + value] =
            (scaled - mean.get(channel).floatValue()) / std.get(channel).floatValue();
      }
    }
    this.resize = new FrameResize(background);
  }

  /**
   * With the values all published CLIP towers have.
   *
   * @param pad {@code image_aspect_ratio} is {@code pad}; else the short side is resized and the
   *     centre cut out
   */
  public static FramePreparation clip(int side, boolean pad) {
    return new FramePreparation(side, pad ? Fit.PAD : Fit.CROP, CLIP_MEAN, CLIP_STD);
  }

  /** As {@code preprocessor_config.json} in a CLIP tower's directory says, where there is one. */
  public static FramePreparation clip(Path towerDirectory, int side, boolean pad) {
    Path file = towerDirectory.resolve("preprocessor_config.json");
    if (!Files.exists(file)) {
      return clip(side, pad);
    }
    ModelConfig config = ModelConfig.read(file);
    return new FramePreparation(
        size(config, side),
        pad ? Fit.PAD : Fit.CROP,
        channels(config, "image_mean", CLIP_MEAN),
        channels(config, DEVIATION, CLIP_STD));
  }

  /** {@code pad} as for CLIP; else stretched, which no published model does. */
  public static FramePreparation siglip(int side, boolean pad) {
    return new FramePreparation(side, pad ? Fit.PAD : Fit.STRETCH, HALF, HALF);
  }

  /** {@code crop_size} is a whole number in old files, an object in newer ones. */
  private static int size(ModelConfig config, int side) {
    if (!config.has("crop_size")) {
      return side;
    }
    int size =
        config.json().path("crop_size").isObject()
            ? config.section("crop_size").positive("height")
            : config.positive("crop_size");
    if (size != side) {
      throw config.wrong("crop_size", "the image_size in config.json beside it, " + side);
    }
    return size;
  }

  private static List<Double> channels(ModelConfig config, String key, List<Double> ifAbsent) {
    if (!config.has(key)) {
      return ifAbsent;
    }
    JsonNode values = config.json().path(key);
    boolean usable =
        values.isArray()
            && values.size() == 3
            && values.valueStream().allMatch(v -> v.isNumber() && Math.abs(v.doubleValue()) < 1e3)
            && (!key.equals(DEVIATION) || values.valueStream().allMatch(v -> v.doubleValue() > 0));
    if (!usable) {
      throw config.wrong(key, "three numbers" + (key.equals(DEVIATION) ? " above 0" : ""));
    }
    return values.valueStream().map(JsonNode::doubleValue).toList();
  }

  public int side() {
    return side;
  }

  /** Floats written per frame. */
  public int pixelValues() {
    return 3 * side * side;
  }

  /** Writes {@code [3, side, side]} from {@code offset} on. */
  public void prepare(Frame frame, float[] pixels, int offset) {
    resize.resize(frame, geometry(frame), square);
    normalize(square, pixels, offset);
  }

  /**
   * Normalises a tile, {@code [side, side, 3]} uint8, which no resizing changes any more, and
   * writes {@code [3, side, side]} from {@code offset} on.
   */
  public void prepareTile(byte[] tile, float[] pixels, int offset) {
    normalize(tile, pixels, offset);
  }

  private void normalize(byte[] rgb, float[] pixels, int offset) {
    int plane = side * side;
    for (int channel = 0; channel < 3; channel++) {
      int to = offset + channel * plane;
      for (int i = 0; i < plane; i++) {
        pixels[to + i] = normalized[channel * 256 + (rgb[i * 3 + channel] & 0xff)];
      }
    }
  }

  /** {@code [side, side, 3]} uint8, before normalisation. */
  public byte[] resized(Frame frame) {
    resize.resize(frame, geometry(frame), square);
    return square.clone();
  }

  private Geometry geometry(Frame frame) {
    return switch (fit) {
      case PAD -> Geometry.padded(frame, side);
      case CROP -> Geometry.cropped(frame, side);
      case STRETCH -> Geometry.stretched(frame, side, side);
    };
  }
}
