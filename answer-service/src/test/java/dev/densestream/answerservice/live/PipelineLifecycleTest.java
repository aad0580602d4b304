package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.BackgroundWork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What happens to work under way at shutdown, in which order. */
class PipelineLifecycleTest {
  private final List<String> course = new CopyOnWriteArrayList<>();

  @Test
  void letsWorkFinish_thenCancels_thenCloses() {
    stop(Mono.fromRunnable(() -> course.add("finished")), Duration.ofSeconds(30));

    assertThat(course).containsExactly("finished", "cancelled", "closed");
  }

  @Test
  void cancelsWorkThatDoesNotFinish() {
    stop(Mono.never(), Duration.ofMillis(50));

    assertThat(course).containsExactly("cancelled", "closed");
  }

  @Test
  void cancelsWorkThatFailsToFinish() {
    stop(Mono.error(new IllegalStateException("broken")), Duration.ofSeconds(30));

    assertThat(course).containsExactly("cancelled", "closed");
  }

  private void stop(Mono<Void> finish, Duration longest) {
    BackgroundWork work =
        new BackgroundWork(
            "test",
            () -> Flux.never().doOnCancel(() -> course.add("cancelled")),
            finish,
            () -> course.add("closed"));
    PipelineLifecycle lifecycle = new PipelineLifecycle(List.of(work), longest);
    lifecycle.start();
    lifecycle.stop();
  }
}
