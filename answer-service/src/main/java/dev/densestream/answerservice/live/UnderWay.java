package dev.densestream.answerservice.live;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Counts the works between their windows and their settlement, and lets no new ones in at the end.
 */
final class UnderWay {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final AtomicInteger works = new AtomicInteger();
  private volatile boolean finishing;

  /** A run of the pipeline begins: nothing is left of the one before. */
  void restart() {
    works.set(0);
  }

  /** Whether one more work may begin; each that does is to be ended. */
  boolean begin() {
    works.incrementAndGet(); // before the look, so that finish() sees it or it sees finish()
    if (finishing) {
      works.decrementAndGet();
      return false;
    }
    return true;
  }

  void end() {
    works.decrementAndGet();
  }

  /** From now on nothing begins; completes when what has begun is over. */
  Mono<Void> finish() {
    return Mono.defer(
        () -> {
          finishing = true;
          return Flux.interval(Duration.ZERO, LOOK)
              .onBackpressureDrop()
              .takeUntil(_ -> works.get() <= 0)
              .then();
        });
  }
}
