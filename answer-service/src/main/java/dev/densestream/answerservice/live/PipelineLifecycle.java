package dev.densestream.answerservice.live;

import dev.densestream.answerservice.BackgroundWork;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The one owner of all subscriptions: starts every {@link BackgroundWork} once the web server
 * listens, runs it anew when it fails, and stops it first of all at shutdown. What is under way
 * then may finish within a few seconds; what does not is given up. It was never committed, so it is
 * done again after the restart.
 */
final class PipelineLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineLifecycle.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Duration LONGEST_FINISH = Duration.ofSeconds(5);

  private final List<BackgroundWork> works;
  private final Duration longestFinish;
  private Disposable.Composite running = Disposables.composite();
  private volatile boolean started;

  PipelineLifecycle(List<BackgroundWork> works) {
    this(works, LONGEST_FINISH);
  }

  PipelineLifecycle(List<BackgroundWork> works, Duration longestFinish) {
    this.works = List.copyOf(works);
    this.longestFinish = longestFinish;
  }

  @Override
  public void start() {
    running = Disposables.composite();
    started = true;
    works.forEach(work -> running.add(keepRunning(work)));
  }

  private static Disposable keepRunning(BackgroundWork work) {
    return Flux.defer(() -> work.run().get().cast(Object.class))
        .doOnError(error -> LOG.warn("{} broke off, runs anew soon", work.name(), error))
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .transientErrors(true))
        .subscribe(_ -> {}, error -> LOG.error("{} has ended for good", work.name(), error));
  }

  @Override
  public void stop() {
    started = false;
    boolean finished = finish();
    running.dispose();
    works.forEach(work -> work.close().run());
    LOG.info(
        finished
            ? "stopped; what was under way is settled"
            : "stopped; what was under way is done again at the next start");
  }

  /** Whether all that is under way was over in time. */
  private boolean finish() {
    return Boolean.TRUE.equals(
        Mono.when(works.stream().map(BackgroundWork::finish).toList())
            .thenReturn(true)
            .timeout(longestFinish, Mono.just(false))
            .onErrorReturn(false)
            .block());
  }

  @Override
  public boolean isRunning() {
    return started;
  }
}
