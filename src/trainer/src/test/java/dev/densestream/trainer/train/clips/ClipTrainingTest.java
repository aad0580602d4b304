package dev.densestream.trainer.train.clips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ClipTrainingTest {
  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void takesWhatGradientsPassThrough(Precision precision) {
    assertThat(training(precision).precision()).contains(precision);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"FP32", "BF16"})
  void refusesOtherPrecisions(Precision precision) {
    assertThatThrownBy(() -> training(precision))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--precision must be fp32 or bf16 for training");
  }

  private static ClipTraining training(Precision precision) {
    return new ClipTraining(
        Path.of("model"),
        List.of(),
        Path.of("clips.jsonl"),
        Path.of("videos"),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.of(precision),
        1,
        1,
        1e-3,
        0,
        1);
  }
}
