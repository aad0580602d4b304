package dev.densestream.answerservice.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelThreadsTest {
  private static final long LARGE = 1_100_000_000;
  private static final long SMALL = 3_000_000;

  @Test
  void areAsManyAsCores_andOneForASmallModel_unlessTold() {
    assertThat(ModelLoad.threads(0, LARGE, 6)).isEqualTo(6);
    assertThat(ModelLoad.threads(0, SMALL, 6)).isEqualTo(1);
    assertThat(ModelLoad.threads(4, SMALL, 6)).isEqualTo(4);
    assertThat(ModelLoad.threads(4, LARGE, 6)).isEqualTo(4);
  }
}
