package dev.densestream.answerservice.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.ModelSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelThreadsTest {
  private static ModelSettings asked(int threads) {
    return new ModelSettings(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        threads,
        8,
        64,
        ModelSettings.DEFAULT_KV_BYTES);
  }

  @Test
  void areAsManyAsCores_andOneForASmallModel_unlessTold() {
    assertThat(ModelLoad.threads(ModelSettings.defaults(), 1_100_000_000, 6)).isEqualTo(6);
    assertThat(ModelLoad.threads(ModelSettings.defaults(), 3_000_000, 6)).isEqualTo(1);
    assertThat(ModelLoad.threads(asked(4), 3_000_000, 6)).isEqualTo(4);
    assertThat(ModelLoad.threads(asked(4), 1_100_000_000, 6)).isEqualTo(4);
  }
}
