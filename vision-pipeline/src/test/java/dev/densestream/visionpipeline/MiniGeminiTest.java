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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A small random Mini-Gemini model, from a frame to visual tokens, against plain Java. */
@ExtendWith(NativeHandles.class)
class MiniGeminiTest {
  private static final String LOW = "model.vision_tower.vision_tower.";
  private static final String HIGH = "model.vision_tower_aux.";
  private static final int WIDTH = 64; // one head of the published size
  private static final int GRID = 2;
  private static final int PATCH = 7;
  private static final int LAYERS = 24;
  private static final int SIDE = 32;
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

  @ParameterizedTest
  @ValueSource(strings = {"none", "dci"})
  void equalsTheReference_fromPixelsToTokens(String connector, TensorRuntime runtime) {
    Random random = new Random(2);
    byte[] rgb = new byte[50 * 31 * 3];
    random.nextBytes(rgb);
    Frame frame = new Frame(5, 50, 31, rgb);
    try (FrameEncoder encoder =
        FrameEncoder.load(runtime, model(connector, ""), VisionSettings.defaults())) {
      VisualTokens tokens =
          encoder.encode(List.of(new ViewedFrame(frame, FrameView.STILL))).getFirst();
      Matrix expected = expected(frame, connector.equals("dci"));
      assertThat(tokens.tokens()).isEqualTo(expected.rows());
      for (int i = 0; i < tokens.values().length; i++) {
        double error = Math.abs(tokens.values()[i] - expected.values()[i]);
        assertThat(error / Math.max(1, Math.abs(expected.values()[i]))).isLessThan(1e-4);
      }
    }
  }

  private Matrix expected(Frame frame, boolean dense) {
    FramePreparation preparation = FramePreparation.clip(SIDE, true);
    float[] pixels = new float[preparation.pixelValues()];
    preparation.prepare(frame, pixels, 0);
    ConvNextReference high = new ConvNextReference(weights, HIGH, WIDTHS);
    int lowSide = GRID * PATCH;
    TowerConfig published = TowerConfig.CLIP_L_336;
    TowerConfig config =
        new TowerConfig(
            TowerFamily.CLIP,
            WIDTH,
            12,
            1,
            LAYERS,
            lowSide,
            PATCH,
            published.eps(),
            published.activation());
    List<Matrix> states =
        new TowerReference(config, weights, LOW)
            .states(ConvNextReference.resized(pixels, 3, SIDE, lowSide), LAYERS - 1);
    Matrix low = states.getLast().rows(1, GRID * GRID + 1);
    Matrix mined = low.plus(high.mined(low, pixels, SIDE, GRID));
    Matrix joined = dense ? mined.beside(mean(states, 0, 11)).beside(mean(states, 12, 23)) : mined;
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

  @Test
  void saysWhatIsMissing_whenNothingHoldsTheSecondTower(TensorRuntime runtime) {
    Checkpoint model = model("none", ", \"image_grid\": 2");
    assertThatThrownBy(() -> FrameEncoder.load(runtime, model, VisionSettings.defaults()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("image_grid");
  }
}
