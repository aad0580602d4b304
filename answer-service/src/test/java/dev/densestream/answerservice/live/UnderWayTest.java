package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnderWayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final UnderWay underWay = new UnderWay();

  @Test
  void isFinishedAtOnce_whenNothingHasBegun() {
    underWay.finish().block(PATIENCE);

    assertThat(underWay.begin()).isFalse();
  }

  @Test
  void finishesWithTheLastOfWhatHasBegun() {
    assertThat(underWay.begin()).isTrue();
    assertThat(underWay.begin()).isTrue();
    CompletableFuture<@Nullable Void> finished = underWay.finish().toFuture();

    assertThat(underWay.begin()).as("begins while finishing").isFalse();
    underWay.end();
    assertThat(finished).isNotDone();
    underWay.end();
    assertThat(finished).succeedsWithin(PATIENCE);
  }

  @Test
  void forgetsWhatARunThatBrokeOffHadBegun() {
    assertThat(underWay.begin()).isTrue();
    underWay.restart();

    underWay.finish().block(PATIENCE);
  }
}
