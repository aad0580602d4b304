package dev.densestream.visionpipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.NativeHandles;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.TowerConfig.Activation;
import dev.densestream.visionpipeline.projector.TokenPooling;
import dev.densestream.visionpipeline.reference.MadeWeights;
import dev.densestream.visionpipeline.reference.Matrix;
import dev.densestream.visionpipeline.reference.TowerReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Towers and connectors of many random shapes, against plain Java in double precision. */
@ExtendWith(NativeHandles.class)
class RandomTowersTest {
  private static final int SHAPES = 12;

  @ParameterizedTest
  @EnumSource(ConnectorKind.class)
  void equalsTheReference_forAnyShape(ConnectorKind kind, TensorRuntime runtime) {
    for (int seed = 0; seed < SHAPES; seed++) {
      Random random = new Random(31L * kind.name().hashCode() + seed);
      TowerConfig config = shape(random, leastLayers(kind));
      boolean siglip = config.family() == TowerFamily.SIGLIP;
      int base = siglip ? config.layers() - 1 : random.nextInt(config.layers() + 1);
      StateSelection states = kind.states(config.family(), base);
      compare(runtime, config, config, kind, states, random);
    }
  }

  /** The control: a reference with another activation must be told apart. */
  @Test
  void differsFromTheReference_whenThatHasAnotherActivation(TensorRuntime runtime) {
    TowerConfig config =
        new TowerConfig(TowerFamily.CLIP, 12, 16, 2, 3, 12, 3, 1e-5, Activation.QUICK_GELU);
    TowerConfig other =
        new TowerConfig(TowerFamily.CLIP, 12, 16, 2, 3, 12, 3, 1e-5, Activation.TANH_GELU);
    StateSelection states = ConnectorKind.NONE.states(TowerFamily.CLIP, 3);

    compare(runtime, config, config, ConnectorKind.NONE, states, new Random(1));
    assertThatThrownBy(
            () -> compare(runtime, config, other, ConnectorKind.NONE, states, new Random(1)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void keepsTheClassToken_whenAsked(TensorRuntime runtime) {
    for (int seed = 0; seed < SHAPES; seed++) {
      Random random = new Random(seed);
      TowerConfig config = shape(random, 1);
      StateSelection states =
          ConnectorKind.NONE.states(config.family(), config.layers() - 1).keepingClass();
      compare(runtime, config, config, ConnectorKind.NONE, states, random);
    }
  }

  private static int leastLayers(ConnectorKind kind) {
    return switch (kind) {
      case NONE -> 1;
      case STI, SCI -> 16;
      case DCI -> 26;
    };
  }

  private static TowerConfig shape(Random random, int leastLayers) {
    TowerFamily family = one(random, TowerFamily.values());
    int heads = 1 + random.nextInt(5);
    int patch = 2 + random.nextInt(3);
    int grid = 1 + random.nextInt(6);
    // Over fewer than 8 channels a normalisation may divide by almost nothing: one width of 5
    // turned an ulp of the input into 6e-5 of the result, in double precision.
    int headSize = Math.max(1 + random.nextInt(6), Math.ceilDiv(8, heads));
    return new TowerConfig(
        family,
        heads * headSize,
        1 + random.nextInt(20),
        heads,
        leastLayers + random.nextInt(4),
        grid * patch + random.nextInt(patch), // what does not fill a patch is not seen
        patch,
        random.nextBoolean() ? 1e-5 : 1e-6,
        one(random, Activation.values()));
  }

  private static <T> T one(Random random, T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static void compare(
      TensorRuntime runtime,
      TowerConfig config,
      TowerConfig believed,
      ConnectorKind kind,
      StateSelection states,
      Random random) {
    MadeWeights weights = new MadeWeights(random);
    int images = 1 + random.nextInt(3);
    int each = 3 * config.side() * config.side();
    float[] pixels = new float[images * each];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    try (VisionTower tower =
            VisionTower.load(runtime, weights, config, Precision.FP32, states.last());
        DenseConnector connector = new DenseConnector(runtime, kind);
        Tensor input = runtime.floats(pixels, images, 3, config.side(), config.side());
        Tensor joined = connector.join(tower.encode(input, states))) {
      List<Matrix> expected = new ArrayList<>();
      for (int image = 0; image < images; image++) {
        float[] own = Arrays.copyOfRange(pixels, image * each, (image + 1) * each);
        List<Matrix> all = new TowerReference(believed, weights).states(own, states.last());
        expected.add(joined(all, config, kind, states));
      }
      check(config + " " + kind, joined, expected);
    }
  }

  private static Matrix joined(
      List<Matrix> all, TowerConfig config, ConnectorKind kind, StateSelection states) {
    int skip = config.tokens() - config.patches();
    Matrix base = all.get(states.base());
    Matrix result = states.keepsClass() ? base : base.rows(skip, base.rows());
    boolean clip = config.family() == TowerFamily.CLIP;
    return switch (kind) {
      case NONE -> result;
      case STI ->
          result
              .above(mean(all, 7, 7, skip).rowMeans(8))
              .above(mean(all, 15, 15, skip).rowMeans(8));
      case SCI -> result.beside(mean(all, 7, 7, skip)).beside(mean(all, 15, 15, skip));
      case DCI ->
          clip
              ? result.beside(mean(all, 0, 11, skip)).beside(mean(all, 12, 23, skip))
              : result.beside(mean(all, 0, 12, skip)).beside(mean(all, 13, 25, skip));
    };
  }

  private static Matrix mean(List<Matrix> states, int first, int last, int skip) {
    Matrix sum = Matrix.zero(states.getFirst().rows(), states.getFirst().columns());
    for (int i = first; i <= last; i++) {
      sum = sum.plus(states.get(i));
    }
    return sum.map(x -> x / (last - first + 1)).rows(skip, sum.rows());
  }

  private static void check(String shape, Tensor actual, List<Matrix> expected) {
    assertThat(actual.shape())
        .as(shape)
        .containsExactly(
            expected.size(), expected.getFirst().rows(), expected.getFirst().columns());
    float[] values = actual.toFloats();
    int at = 0;
    for (Matrix image : expected) {
      for (double value : image.values()) {
        double error = Math.abs(values[at] - value) / Math.max(1, Math.abs(value));
        assertThat(error).as(shape + " at " + at).isLessThan(1e-4);
        at++;
      }
    }
  }

  /** Odd grids lose their last row and column, as the original's scale of a half does. */
  @Test
  void halvesAnyGrid(TensorRuntime runtime) {
    for (int grid = 2; grid <= 9; grid++) {
      Random random = new Random(grid);
      float[] values = new float[2 * grid * grid * 3];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      int half = grid / 2;
      try (TokenPooling pooling = new TokenPooling(runtime);
          Tensor few = pooling.halveGrid(runtime.floats(values, 2, (long) grid * grid, 3), grid)) {
        assertThat(few.shape()).containsExactly(2, (long) half * half, 3);
        float[] actual = few.toFloats();
        for (int i = 0; i < actual.length; i++) {
          int image = i / (half * half * 3);
          int row = i / 3 / half % half;
          int column = i / 3 % half;
          double sum = 0;
          for (int corner = 0; corner < 4; corner++) {
            int cell = (2 * row + corner / 2) * grid + 2 * column + corner % 2;
            sum += values[(image * grid * grid + cell) * 3 + i % 3];
          }
          assertThat(Math.abs(actual[i] - sum / 4)).as("grid " + grid).isLessThan(1e-5);
        }
      }
    }
  }

  @Test
  void refusesAConnectorThatNeedsMoreLayersThanThereAre(TensorRuntime runtime) {
    TowerConfig config =
        new TowerConfig(TowerFamily.CLIP, 8, 8, 2, 12, 8, 4, 1e-5, Activation.QUICK_GELU);
    StateSelection states = ConnectorKind.DCI.states(TowerFamily.CLIP, 11);
    MadeWeights weights = new MadeWeights(new Random(1));
    assertThatThrownBy(
            () -> VisionTower.load(runtime, weights, config, Precision.FP32, states.last()).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("hidden state 23")
        .hasMessageContaining("12");
  }

  @Test
  void refusesAClassTokenBesideAConnector() {
    assertThatThrownBy(() -> ConnectorKind.SCI.states(TowerFamily.CLIP, 23).keepingClass())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("mm_vision_select_feature");
  }
}
