package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.encoder.TowerConfig;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NativeHandles.class)
class EncoderBenchTest {
  @Test
  void countsTheOperationsOfClipLarge() {
    // 23 blocks of 577 tokens: 2 * 577 * (12 * 1024^2 + 2 * 577 * 1024) each, and the patches.
    assertThat(TowerConfig.CLIP_L_336.flops(23))
        .isCloseTo(366.03e9, Percentage.withPercentage(0.1));
  }

  @Test
  void refusesAnUnknownShape(TensorRuntime runtime) {
    EncoderBench.Plan plan = new EncoderBench.Plan("vit-g", Precision.FP32, 1, 0, 1);
    assertThatThrownBy(() -> EncoderBench.run(runtime, plan)).hasMessageContaining("clip-l-336");
  }
}
