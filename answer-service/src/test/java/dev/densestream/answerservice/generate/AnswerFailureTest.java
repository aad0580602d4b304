package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import org.junit.jupiter.api.Test;

class AnswerFailureTest {
  /** More than any machine has: the system is asked for it, and refuses. */
  @Test
  void saysThatMemoryRanOut() {
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"))) {
      RuntimeException refused =
          catchThrowableOfType(
              RuntimeException.class, () -> runtime.reserve(Precision.FP32, 1L << 50).close());

      assertThat(AnswerFailure.of(refused).code()).isEqualTo("out_of_memory");
      assertThat(AnswerFailure.of(refused).sentence()).contains("fewer frames");
      assertThat(runtime.liveHandles()).isZero();
    }
  }

  @Test
  void keepsWhatIsNobodysBusinessToItself() {
    AnswerFailure failure = AnswerFailure.of(new IllegalStateException("at 0x7f: x"));

    assertThat(failure.code()).isEqualTo("model_failed");
    assertThat(failure.sentence()).doesNotContain("0x7f");
  }
}
