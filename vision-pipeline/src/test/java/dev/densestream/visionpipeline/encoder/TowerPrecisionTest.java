package dev.densestream.visionpipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.densestream.visionpipeline.CpuFeatures;
import dev.densestream.visionpipeline.NativeHandles;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import dev.densestream.visionpipeline.encoder.StateSelection.Group;
import dev.densestream.visionpipeline.encoder.TowerConfig.Activation;
import dev.densestream.visionpipeline.projector.Projector;
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
import org.junit.jupiter.params.provider.CsvSource;

/** What rounding costs a tower, against plain Java in double precision. */
@ExtendWith(NativeHandles.class)
class TowerPrecisionTest {
  private static final int BLOCKS = 6;

  @ParameterizedTest
  @CsvSource({
    "CLIP, 16, QUICK_GELU",
    "CLIP, 16, GELU",
    "SIGLIP, 18, TANH_GELU",
    "SIGLIP, 9, QUICK_GELU"
  })
  void staysNearTheReference(
      TowerFamily family, int headSize, Activation activation, TensorRuntime runtime) {
    TowerConfig config =
        new TowerConfig(family, 4 * headSize, 150, 4, BLOCKS, 20, 4, 1e-5, activation);

    assertThat(error(runtime, config, config, Precision.FP32)).isLessThan(1e-5);
    assertThat(error(runtime, config, config, Precision.BF16)).isBetween(1e-4, 0.02);
    assertThat(error(runtime, config, config, Precision.INT8)).isBetween(1e-4, 0.04);
  }

  @ParameterizedTest
  @CsvSource({"CLIP, 16, QUICK_GELU", "CLIP, 16, GELU", "SIGLIP, 18, TANH_GELU"})
  void staysNear_laidForAGpu_alsoInWhatLeavesTheTower(
      TowerFamily family, int headSize, Activation activation, TensorRuntime runtime) {
    TowerConfig config =
        new TowerConfig(family, 4 * headSize, 150, 4, BLOCKS, 20, 4, 1e-5, activation);
    StateSelection selection =
        new StateSelection(4, List.of(new Group(1, 2), new Group(3, 6))); // the base within one
    List<Matrix> exact = new ArrayList<>();
    try (VisionTower plain =
        VisionTower.load(runtime, new MadeWeights(new Random(6)), config, Precision.FP32, BLOCKS)) {
      exact.addAll(left(runtime, plain, selection));
    }
    List<Matrix> same = leftLaid(runtime, config, Precision.FP32, selection);
    List<Matrix> fine = leftLaid(runtime, config, Precision.FP16, selection);
    List<Matrix> coarse = leftLaid(runtime, config, Precision.BF16, selection);

    for (int i = 0; i < exact.size(); i++) {
      assertThat(distance(same.get(i), exact.get(i))).isLessThan(1e-5);
      assertThat(distance(fine.get(i), exact.get(i)))
          .isBetween(1e-5, 0.0025)
          .isLessThan(distance(coarse.get(i), exact.get(i)) / 4); // three bits more
      assertThat(distance(coarse.get(i), exact.get(i))).isBetween(1e-4, 0.02);
      assertThat(distance(coarse.get(i), exact.get((i + 1) % 3))).isGreaterThan(0.05);
    }
  }

  private static List<Matrix> leftLaid(
      TensorRuntime runtime, TowerConfig config, Precision precision, StateSelection selection) {
    try (VisionTower laid = laid(runtime, config, precision)) {
      return left(runtime, laid, selection);
    }
  }

  private static VisionTower laid(TensorRuntime runtime, TowerConfig config, Precision precision) {
    MadeWeights weights = new MadeWeights(new Random(6));
    return VisionTower.load(
        runtime,
        weights,
        config,
        precision,
        () -> TowerBlocks.laidForGpu(runtime, weights, config, precision, BLOCKS));
  }

  @Test
  void leavesTheBaseAlone_laidForAGpu_whereNothingIsJoined(TensorRuntime runtime) {
    TowerConfig config =
        new TowerConfig(TowerFamily.CLIP, 64, 150, 4, BLOCKS, 20, 4, 1e-5, Activation.QUICK_GELU);
    try (VisionTower laid = laid(runtime, config, Precision.BF16)) {
      Matrix base = left(runtime, laid, new StateSelection(4, List.of(new Group(1, 2)))).getFirst();

      List<Matrix> alone = left(runtime, laid, new StateSelection(4, List.of()));

      assertThat(alone).hasSize(1);
      assertThat(alone.getFirst().values()).isEqualTo(base.values());
    }
  }

  /** Of random pixels: the base, and the means of the groups. */
  private static List<Matrix> left(
      TensorRuntime runtime, VisionTower tower, StateSelection selection) {
    TowerConfig config = tower.config();
    List<Matrix> parts = new ArrayList<>();
    try (Tensor input = runtime.floats(pixels(config, 2, 1), 2, 3, config.side(), config.side());
        Projector same =
            Projector.load(
                runtime,
                Weights.random(),
                Precision.FP32,
                "identity",
                config.width(),
                config.width())) {
      for (Tensor part : tower.encode(input, selection)) {
        try (part;
            Tensor floats = same.project(part)) {
          float[] values = floats.toFloats();
          double[] wide = new double[values.length];
          Arrays.setAll(wide, i -> values[i]);
          parts.add(new Matrix(1, wide.length, wide));
        }
      }
    }
    return parts;
  }

  private static double distance(Matrix one, Matrix other) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < one.values().length; i++) {
      difference += Math.pow(one.values()[i] - other.values()[i], 2);
      size += Math.pow(other.values()[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  /** Of a block packed as bfloat16 12 tensors are left, in 8 bits 20, of a plain one 16. */
  @Test
  void packsWhereTheProcessorHasTheKernels(TensorRuntime runtime) {
    assumeThat(CpuFeatures.ofThisMachine().avx512Vnni()).isTrue();
    TowerConfig config =
        new TowerConfig(TowerFamily.CLIP, 64, 150, 4, BLOCKS, 20, 4, 1e-5, Activation.QUICK_GELU);

    assertThat(tensors(runtime, config, Precision.FP32)).isEqualTo(16 * BLOCKS);
    assertThat(tensors(runtime, config, Precision.BF16)).isEqualTo(12 * BLOCKS);
    assertThat(tensors(runtime, config, Precision.INT8)).isEqualTo(20 * BLOCKS);
  }

  private static int tensors(TensorRuntime runtime, TowerConfig config, Precision precision) {
    TowerBlocks loaded =
        TowerBlocks.load(runtime, new MadeWeights(new Random(1)), config, precision, BLOCKS);
    try (TensorProgram _ = loaded.program();
        TensorList list = loaded.tensors()) {
      return list.size();
    }
  }

  /** The control: attention over other heads is no rounding error. */
  @ParameterizedTest
  @CsvSource({"CLIP, QUICK_GELU, BF16", "SIGLIP, TANH_GELU, BF16", "CLIP, QUICK_GELU, INT8"})
  void isFarFromAReferenceWithOtherHeads(
      TowerFamily family, Activation activation, Precision precision, TensorRuntime runtime) {
    TowerConfig config = new TowerConfig(family, 64, 150, 4, BLOCKS, 20, 4, 1e-5, activation);
    TowerConfig wider = new TowerConfig(family, 64, 150, 2, BLOCKS, 20, 4, 1e-5, activation);

    assertThat(error(runtime, config, wider, precision)).isGreaterThan(0.05);
  }

  /** A scale for the whole batch would let the bright image take the dark one's levels away. */
  @Test
  void encodesAnImageAlikeWhateverIsBesideIt(TensorRuntime runtime) {
    assumeThat(CpuFeatures.ofThisMachine().avx512Vnni()).isTrue();
    TowerConfig config =
        new TowerConfig(TowerFamily.CLIP, 64, 150, 4, BLOCKS, 20, 4, 1e-5, Activation.QUICK_GELU);
    MadeWeights weights = new MadeWeights(new Random(1));
    float[] dark = pixels(config, 1, 0.1);
    float[] bright = pixels(config, 1, 30);
    float[] alone = states(runtime, config, weights, dark);
    float[] beside = states(runtime, config, weights, joined(dark, bright));
    float[] other = states(runtime, config, weights, bright);

    assertThat(Arrays.copyOf(beside, alone.length)).isEqualTo(alone).isNotEqualTo(other);
  }

  private static float[] states(
      TensorRuntime runtime, TowerConfig config, MadeWeights weights, float[] pixels) {
    int side = config.side();
    int images = pixels.length / (3 * side * side);
    try (VisionTower tower = VisionTower.load(runtime, weights, config, Precision.INT8, BLOCKS);
        Tensor input = runtime.floats(pixels, images, 3, side, side)) {
      List<Tensor> states = tower.hiddenStates(input);
      float[] last = states.getLast().toFloats();
      states.forEach(Tensor::close);
      return last;
    }
  }

  private static float[] pixels(TowerConfig config, int images, double contrast) {
    Random random = new Random(5);
    float[] pixels = new float[images * 3 * config.side() * config.side()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (contrast * random.nextGaussian());
    }
    return pixels;
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Relative, of the last state as a whole. */
  private static double error(
      TensorRuntime runtime, TowerConfig config, TowerConfig believed, Precision precision) {
    MadeWeights weights = new MadeWeights(new Random(6));
    float[] pixels = pixels(config, 2, 1);
    try (VisionTower tower = VisionTower.load(runtime, weights, config, precision, BLOCKS);
        Tensor input = runtime.floats(pixels, 2, 3, config.side(), config.side())) {
      return distance(
          tower.hiddenStates(input), expected(new TowerReference(believed, weights), pixels));
    }
  }

  private static List<Matrix> expected(TowerReference reference, float[] pixels) {
    List<Matrix> images = new ArrayList<>();
    for (int image = 0; image < 2; image++) {
      int each = pixels.length / 2;
      float[] own = Arrays.copyOfRange(pixels, image * each, (image + 1) * each);
      images.add(reference.states(own, BLOCKS).getLast());
    }
    return images;
  }

  private static double distance(List<Tensor> states, List<Matrix> expected) {
    float[] actual = states.getLast().toFloats();
    states.forEach(Tensor::close);
    double difference = 0;
    double size = 0;
    int at = 0;
    for (Matrix image : expected) {
      for (double value : image.values()) {
        difference += Math.pow(actual[at++] - value, 2);
        size += value * value;
      }
    }
    return Math.sqrt(difference / size);
  }
}
