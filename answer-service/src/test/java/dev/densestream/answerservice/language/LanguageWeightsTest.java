package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights that are made side by side are all there, or none of them is. */
class LanguageWeightsTest {
  private static final LanguageConfig CONFIG =
      new LanguageConfig(
          Family.LLAMA,
          new LanguageShape(6, 32, 4, 2, 48, 40),
          new Rotary(10_000, 8, new Rotary.Unscaled()),
          64,
          false,
          0,
          1e-5);

  /** One of them is missing: only if there is a key like it. */
  private record Incomplete(String missing) implements Weights {
    private static final Weights ALL = Weights.random();

    @Override
    public boolean has(String key) {
      return !key.equals(missing);
    }

    @Override
    public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
      if (!has(key)) {
        throw new CheckpointException(key + " is missing");
      }
      return ALL.tensor(runtime, key, precision, shape);
    }
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Precision.values())
        .flatMap(p -> Arrays.stream(EightBitKernel.values()).map(k -> Arguments.of(p, k)))
        .filter(all -> !List.of(all.get()).equals(List.of(Precision.INT4, EightBitKernel.GPU)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void leavesNothing_whenALayerCannotBeRead(Precision precision, EightBitKernel kernel) {
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(3, "cpu"))) {
      for (String key : new String[] {"model.layers.3.mlp.up_proj.weight", "lm_head.weight"}) {
        assertThatThrownBy(() -> load(runtime, new Incomplete(key), precision, kernel))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining(key + " is missing");
        assertThat(runtime.liveHandles()).isZero();
      }
      LanguageModel complete = load(runtime, new Incomplete("none"), precision, kernel);
      assertThat(runtime.liveHandles()).as("the control").isPositive();
      complete.close();
      assertThat(runtime.liveHandles()).isZero();
    }
  }

  @Test
  void areNotReadInFloat16_onAProcessor_butByTheProgramOfAGpu() {
    Weights none = new Incomplete("model.embed_tokens.weight");
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"))) {
      assertThatThrownBy(() -> LanguageModel.load(runtime, CONFIG, none, Precision.FP16, 40))
          .isInstanceOf(DeviceMissingException.class);
      assertThatThrownBy(() -> LanguageModel.load(runtime, CONFIG, none, Precision.BF16, 40))
          .as("the control")
          .isInstanceOf(CheckpointException.class);
      LanguageModel.loadAsOnGpu(runtime, CONFIG, Weights.random(), Precision.FP16, 40).close();
      assertThat(runtime.liveHandles()).isZero();
    }
  }

  @Test
  void areNotReadInFourBits_whereNothingMultipliesThem() {
    Weights none = new Incomplete("model.embed_tokens.weight");
    for (EightBitKernel kernel : EightBitKernel.values()) {
      Kernels kernels = Kernels.of(kernel, false);
      try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"))) {
        assertThatThrownBy(
                () -> LanguageModel.load(runtime, CONFIG, none, Precision.INT4, 40, kernels))
            .isInstanceOf(DeviceMissingException.class)
            .hasMessageContaining("--add-modules jdk.incubator.vector");
      }
    }
  }

  private static LanguageModel load(
      TensorRuntime runtime, Weights weights, Precision precision, EightBitKernel kernel) {
    Kernels kernels = Kernels.of(kernel, precision == Precision.INT4);
    return LanguageModel.load(runtime, CONFIG, weights, precision, 40, kernels);
  }
}
