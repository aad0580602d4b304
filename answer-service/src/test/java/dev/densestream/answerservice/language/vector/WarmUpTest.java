package dev.densestream.answerservice.language.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
  private static VectorShape shape(boolean rmsNorm, boolean parallel, boolean gated) {
    return new VectorShape(1, 64, 4, 2, 64, 10, rmsNorm, parallel, gated, 1e-5, new float[8]);
  }

  /** Of models like Llama, and like Phi. */
  @ParameterizedTest
  @CsvSource({"FP32, true", "BF16, true", "BF16, false", "INT4, true", "INT4, false"})
  void makesStepsQuick_alsoForTheNextModelOfTheKind(Precision precision, boolean llama) {
    VectorShape shape = shape(llama, !llama, llama);
    try (WarmUp first = WarmUp.start(shape, precision);
        WarmUp second = WarmUp.start(shape, precision)) {
      assertThat(first.await()).isTrue();
      assertThat(second.await()).isTrue();
      assertThat(first.isQuick()).isTrue();
    }
  }

  @Test
  void isBrokenOff_whenItsModelIsClosed() {
    // A kind that no model has, so that nobody has warmed it up before.
    WarmUp warmUp = WarmUp.start(shape(false, false, true), Precision.FP32);

    warmUp.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("step-warm-up"));
  }
}
