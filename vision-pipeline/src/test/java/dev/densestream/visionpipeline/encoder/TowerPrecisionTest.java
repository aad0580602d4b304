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
import dev.densestream.visionpipeline.encoder.TowerConfig.Activation;
import dev.densestream.visionpipeline.reference.MadeWeights;
import dev.densestream.visionpipeline.reference.Matrix;
import dev.densestream.visionpipeline.reference.TowerReference;
import java.util.ArrayList;
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
  }

  /** Of a packed block 12 tensors are left, of a plain one 16. */
  @Test
  void packsWhereTheProcessorHasTheKernels(TensorRuntime runtime) {
    assumeThat(CpuFeatures.ofThisMachine().avx512Vnni()).isTrue();
    TowerConfig config =
        new TowerConfig(TowerFamily.CLIP, 64, 150, 4, BLOCKS, 20, 4, 1e-5, Activation.QUICK_GELU);

    assertThat(tensors(runtime, config, Precision.FP32)).isEqualTo(16 * BLOCKS);
    assertThat(tensors(runtime, config, Precision.BF16)).isEqualTo(12 * BLOCKS);
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
  @CsvSource({"CLIP, QUICK_GELU", "SIGLIP, TANH_GELU"})
  void isFarFromAReferenceWithOtherHeads(
      TowerFamily family, Activation activation, TensorRuntime runtime) {
    TowerConfig config = new TowerConfig(family, 64, 150, 4, BLOCKS, 20, 4, 1e-5, activation);
    TowerConfig wider = new TowerConfig(family, 64, 150, 2, BLOCKS, 20, 4, 1e-5, activation);

    assertThat(error(runtime, config, wider, Precision.BF16)).isGreaterThan(0.05);
  }

  /** Relative, of the last state as a whole. */
  private static double error(
      TensorRuntime runtime, TowerConfig config, TowerConfig believed, Precision precision) {
    Random random = new Random(5);
    MadeWeights weights = new MadeWeights(random);
    float[] pixels = new float[2 * 3 * config.side() * config.side()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
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
      float[] own = java.util.Arrays.copyOfRange(pixels, image * each, (image + 1) * each);
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
