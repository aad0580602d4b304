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
import reactor.util.retry.Retry;

/**
 * The one owner of all subscriptions: starts every {@link BackgroundWork} once the web server
 * listens, runs it anew when it fails, and stops it first of all at shutdown. What is in flight
 * then is given up; it was never committed, so it is done again after the restart.
 */
final class PipelineLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineLifecycle.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final List<BackgroundWork> works;
  private Disposable.Composite running = Disposables.composite();
  private volatile boolean started;

  PipelineLifecycle(List<BackgroundWork> works) {
    this.works = List.copyOf(works);
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
    running.dispose();
    works.forEach(work -> work.close().run());
    LOG.info("stopped; what was in flight is done again at the next start");
  }

  @Override
  public boolean isRunning() {
    return started;
  }
}
