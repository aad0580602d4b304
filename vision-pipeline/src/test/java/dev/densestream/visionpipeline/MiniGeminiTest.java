package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.batch.ViewedFrame;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import dev.densestream.visionpipeline.reference.ConvNextReference;
import dev.densestream.visionpipeline.reference.MadeWeights;
import dev.densestream.visionpipeline.reference.Matrix;
import dev.densestream.visionpipeline.reference.TowerReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** A small random Mini-Gemini model, from a frame to visual tokens, against plain Java. */
@ExtendWith(NativeHandles.class)
class MiniGeminiTest {
  private static final String LOW = "model.vision_tower.vision_tower.";
  private static final String HIGH = "model.vision_tower_aux.";
  private static final int WIDTH = 64; // one head of the published size
  private static final int GRID = 3;
  private static final int PATCH = 7;
  private static final int LAYERS = 24;
  private static final int SIDE = 48;
  private static final int[] WIDTHS = {3, 4, 6, 5};
  private static final int HIDDEN = 10;

  @TempDir Path folder;

  private final MadeWeights weights = new MadeWeights(new Random(11));

  /** A checkpoint whose weights are made. */
  private record Made(MadeWeights weights, ModelConfig config, Path directory)
      implements Checkpoint {
    @Override
    public boolean has(String key) {
      return weights.has(key);
    }

    @Override
    public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
      return weights.tensor(runtime, key, precision, shape);
    }

    @Override
    public Path fileOf(String key) {
      return directory;
    }

    @Override
    public SortedSet<String> keys() {
      return new TreeSet<>();
    }

    @Override
    public List<Long> shape(String key) {
      return Arrays.stream(weights.shape(key)).boxed().toList();
    }
  }

  private Checkpoint model(String connector, String more) {
    weights.with(LOW + "vision_model.embeddings.patch_embedding.weight", WIDTH, 3, PATCH, PATCH);
    weights.with(LOW + "vision_model.embeddings.position_embedding.weight", GRID * GRID + 1, WIDTH);
    for (int layer = 0; layer < LAYERS; layer++) {
      weights.with(LOW + "vision_model.encoder.layers." + layer + ".mlp.fc1.bias", 12);
    }
    weights.with(HIGH + "vision_stem.0.weight", WIDTHS[0], 3, 4, 4);
    weights.with(HIGH + "vision_stem.0.bias", WIDTHS[0]);
    for (int stage = 0; stage < 4; stage++) {
      String name = HIGH + "vision_stages." + stage + ".";
      for (int block = 0; block <= stage % 2; block++) {
        weights.with(name + "blocks." + block + ".gamma", WIDTHS[stage]);
      }
      if (stage > 0) {
        weights.with(name + "downsample.1.weight", WIDTHS[stage], WIDTHS[stage - 1], 2, 2);
        weights.with(name + "downsample.1.bias", WIDTHS[stage]);
      }
    }
    String json =
        """
        {"hidden_size": %d, "mm_vision_tower": "openai/none", "mm_vision_tower_aux": "laion/none",
         "image_size_aux": %d, "image_aspect_ratio": "pad", "mm_projector_type": "mlp2x_gelu",
         "mm_dense_connector_type": "%s" %s}
        """
            .formatted(HIDDEN, SIDE, connector, more);
    return new Made(
        weights, new ModelConfig("config.json", "", JsonMapper.shared().readTree(json)), folder);
  }

  private static Frame picture() {
    byte[] rgb = new byte[50 * 31 * 3];
    new Random(2).nextBytes(rgb);
    return new Frame(5, 50, 31, rgb);
  }

  @ParameterizedTest
  @CsvSource({"none, 1, false", "dci, 1, false", "none, 2, true", "dci, 2, true", "sci, 4, false"})
  void equalsTheReference_fromPixelsToTokens(
      String connector, int grid, boolean overview, TensorRuntime runtime) {
    Checkpoint model = model(connector, views(grid, overview));
    try (FrameEncoder encoder = FrameEncoder.load(runtime, model, VisionSettings.defaults())) {
      VisualTokens tokens =
          encoder.encode(List.of(new ViewedFrame(picture(), FrameView.STILL))).getFirst();
      Matrix expected = expected(connector, grid, overview);
      assertThat(tokens.tokens()).isEqualTo(expected.rows()).isEqualTo(encoder.leastStillTokens());
      assertThat(difference(tokens, expected)).isLessThan(1e-4);
    }
  }

  @Test
  void misses_whenOneWeightOfTheSecondTowerDiffers_theControl(TensorRuntime runtime) {
    Checkpoint model = model("dci", views(2, true));
    try (FrameEncoder encoder = FrameEncoder.load(runtime, model, VisionSettings.defaults())) {
      VisualTokens tokens =
          encoder.encode(List.of(new ViewedFrame(picture(), FrameView.STILL))).getFirst();
      weights.perturb(HIGH + "vision_stages.2.blocks.0.conv_dw.bias", 0.05f);
      assertThat(difference(tokens, expected("dci", 2, true))).isGreaterThan(1e-4);
    }
  }

  /** Neighbours are pooled across the border of two views whose tokens are odd in number. */
  @Test
  void poolsAFramesViewsAsOneRow(TensorRuntime runtime) {
    Checkpoint model = model("none", views(2, true));
    VisionSettings settings = VisionSettings.defaults().withVideoPooling(VideoPooling.PAIRWISE_MAX);
    try (FrameEncoder encoder = FrameEncoder.load(runtime, model, settings)) {
      VisualTokens tokens =
          encoder.encode(List.of(new ViewedFrame(picture(), FrameView.VIDEO))).getFirst();
      Matrix all = expected("none", 2, true);
      Matrix pooled = Matrix.zero(all.rows() / 2, all.columns());
      for (int row = 0; row < pooled.rows(); row++) {
        for (int c = 0; c < all.columns(); c++) {
          pooled.set(row, c, Math.max(all.at(2 * row, c), all.at(2 * row + 1, c)));
        }
      }
      assertThat(tokens.tokens()).isEqualTo(pooled.rows()).isEqualTo(encoder.tokensPerFrame());
      assertThat(difference(tokens, pooled)).isLessThan(1e-4);
    }
  }

  /** The mining too is of the weights' type. */
  @Test
  void staysNearTheReference_inHalfPrecision(TensorRuntime runtime) {
    Checkpoint model = model("dci", views(2, true));
    double coarse = difference(runtime, model, Precision.BF16);

    assertThat(coarse).isBetween(1e-3, 0.2);
    assertThat(difference(runtime, model, Precision.FP16))
        .isBetween(1e-4, 0.025)
        .isLessThan(coarse / 4); // three bits more
  }

  private double difference(TensorRuntime runtime, Checkpoint model, Precision precision) {
    VisionSettings settings = VisionSettings.defaults().withPrecision(precision);
    try (FrameEncoder encoder = FrameEncoder.load(runtime, model, settings)) {
      return difference(
          encoder.encode(List.of(new ViewedFrame(picture(), FrameView.STILL))).getFirst(),
          expected("dci", 2, true));
    }
  }

  private static String views(int grid, boolean overview) {
    return ", \"image_grid\": %d, \"image_global\": %b".formatted(grid, overview);
  }

  private static double difference(VisualTokens tokens, Matrix expected) {
    double largest = 0;
    for (int i = 0; i < tokens.values().length; i++) {
      double error = Math.abs(tokens.values()[i] - expected.values()[i]);
      largest = Math.max(largest, error / Math.max(1, Math.abs(expected.values()[i])));
    }
    return largest;
  }

  private Matrix expected(String connector, int grid, boolean overview) {
    FramePreparation preparation = FramePreparation.clip(SIDE, true);
    float[] pixels = new float[preparation.pixelValues()];
    preparation.prepare(picture(), pixels, 0);
    int lowSide = GRID * PATCH;
    float[] large = ConvNextReference.resized(pixels, 3, SIDE, lowSide * grid);
    ConvNextReference high = new ConvNextReference(weights, HIGH, WIDTHS);
    Matrix map = high.features(pixels, SIDE);
    int edge = SIDE / 4;
    Matrix rows = Matrix.zero(0, HIDDEN);
    if (overview) {
      float[] low = ConvNextReference.resized(large, 3, lowSide * grid, lowSide);
      Matrix near = ConvNextReference.resized(map, edge, edge / grid);
      rows = rows.above(view(connector, low, near, high));
    }
    for (int part = 0; part < grid * grid; part++) {
      int row = part / grid;
      int column = part % grid;
      float[] low = part(large, lowSide, grid, row, column);
      Matrix near = part(map, edge / grid, grid, row, column);
      rows = rows.above(view(connector, low, near, high));
    }
    return rows;
  }

  private static float[] part(float[] pixels, int side, int grid, int row, int column) {
    float[] part = new float[3 * side * side];
    for (int i = 0; i < part.length; i++) {
      int y = i / side % side + row * side;
      int x = i % side + column * side;
      part[i] = pixels[(i / (side * side) * side * grid + y) * side * grid + x];
    }
    return part;
  }

  private static Matrix part(Matrix map, int side, int grid, int row, int column) {
    Matrix part = Matrix.zero(0, map.columns());
    for (int y = 0; y < side; y++) {
      int from = (row * side + y) * side * grid + column * side;
      part = part.above(map.rows(from, from + side));
    }
    return part;
  }

  /** One view through first tower, mining, connector and projector. */
  private Matrix view(String connector, float[] pixels, Matrix near, ConvNextReference high) {
    TowerConfig published = TowerConfig.CLIP_L_336;
    TowerConfig config =
        new TowerConfig(
            TowerFamily.CLIP,
            WIDTH,
            12,
            1,
            LAYERS,
            GRID * PATCH,
            PATCH,
            published.eps(),
            published.activation());
    List<Matrix> states = new TowerReference(config, weights, LOW).states(pixels, LAYERS - 1);
    Matrix low = states.getLast().rows(1, GRID * GRID + 1);
    Matrix mined = low.plus(high.mined(low, near, GRID));
    Matrix joined =
        switch (connector) {
          case "dci" -> mined.beside(mean(states, 0, 11)).beside(mean(states, 12, 23));
          case "sci" -> mined.beside(mean(states, 7, 7)).beside(mean(states, 15, 15));
          default -> mined;
        };
    String projector = "model.mm_projector.";
    Matrix first =
        joined
            .linear(weights.of(projector + "0.weight"), weights.of(projector + "0.bias"))
            .map(TowerReference::gelu);
    return first.linear(weights.of(projector + "2.weight"), weights.of(projector + "2.bias"));
  }

  private static Matrix mean(List<Matrix> states, int first, int last) {
    Matrix sum = Matrix.zero(GRID * GRID + 1, WIDTH);
    for (int i = first; i <= last; i++) {
      sum = sum.plus(states.get(i));
    }
    return sum.map(x -> x / (last - first + 1)).rows(1, sum.rows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"image_grid\": 0 | image_grid must be from 1 to 8: was 0",
        "\"image_grid\": 9 | image_grid must be from 1 to 8: was 9",
        "\"image_global\": true | image_global needs an image_grid above 1",
        "\"image_grid\": 5 | image_size_aux must give each of the 15 x 15 tokens",
        "\"mm_vision_select_feature\": \"cls_patch\" | must be patch with mm_vision_tower_aux"
      })
  void saysWhichKeyDoesNotFit(String key, String message, TensorRuntime runtime) {
    Checkpoint model = model("none", ", " + key);
    assertThatThrownBy(() -> FrameEncoder.load(runtime, model, VisionSettings.defaults()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json: key ")
        .hasMessageContaining(message);
  }
}
