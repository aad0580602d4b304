package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.clip.AskSettings;
import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.answerservice.clip.ClipEvent;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.StoredClip;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Works on queued clips, as many at once as it has leases. A job that fails for reasons of its clip
 * is over; one that fails for reasons of ours goes back to the queue, {@value #LAST_DELIVERY} times
 * at most, and then ends as {@code gave_up}.
 */
public final class ClipWorker {
  /** Below the broker's own limit of 5, beyond which it would drop the job without a word. */
  private static final int LAST_DELIVERY = 4;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration SWEEP = Duration.ofMinutes(10);
  private static final Logger LOG = LoggerFactory.getLogger(ClipWorker.class);

  private final TopicCluster cluster;
  private final ClipStore store;
  private final ClipJobs jobs;
  private final ClipPipeline pipeline;
  private final Desk desk;

  /**
   * What a worker works with beside the clips.
   *
   * @param concurrency clips at once
   */
  public record Desk(AnswerModel model, int concurrency, MeterRegistry meters, Clock clock) {
    public Desk {
      requireNonNull(model, "model is null");
      requireNonNull(meters, "meters is null");
      requireNonNull(clock, "clock is null");
    }
  }

  public ClipWorker(
      TopicCluster cluster, ClipStore store, ClipJobs jobs, ClipPipeline pipeline, Desk desk) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.store = requireNonNull(store, "store is null");
    this.jobs = requireNonNull(jobs, "jobs is null");
    this.pipeline = requireNonNull(pipeline, "pipeline is null");
    this.desk = requireNonNull(desk, "desk is null");
  }

  /**
   * Works until cancelled. Cancelling gives the jobs under way back to the queue. An error means
   * the queue cannot be reached: subscribe again after a while.
   */
  public Flux<Void> run() {
    Flux<Void> work = cluster.clips(desk.concurrency).flatMap(this::settle, desk.concurrency, 1);
    Flux<Void> sweeps = Flux.interval(SWEEP).onBackpressureDrop().concatMap(_ -> jobs.expire(), 1);
    return jobs.requeue().thenMany(Flux.merge(1, work, sweeps));
  }

  private enum Verdict {
    ACCEPT,
    RELEASE,
    REJECT
  }

  private Mono<Void> settle(ClipLease lease) {
    return Mono.defer(() -> work(lease))
        .onErrorResume(failure -> afterFailure(lease, failure))
        .doOnCancel(lease::release)
        .doOnNext(
            verdict -> {
              switch (verdict) {
                case ACCEPT -> lease.accept();
                case RELEASE -> lease.release();
                case REJECT -> lease.reject();
              }
            })
        .then();
  }

  private Mono<Verdict> work(ClipLease lease) {
    Optional<ClipJob> job = job(lease);
    if (job.isEmpty()) {
      count("malformed");
      return Mono.just(Verdict.REJECT);
    }
    Optional<ClipEntry> entry = jobs.entry(job.get().clip());
    if (entry.isEmpty()) {
      return elsewhere(lease, job.get());
    }
    // Over already, or being worked on: this is a second order for the same job.
    return entry.get().claim()
        ? finish(entry.get()).thenReturn(Verdict.ACCEPT)
        : Mono.just(Verdict.ACCEPT);
  }

  private static Optional<ClipJob> job(ClipLease lease) {
    byte[] value = lease.record().value();
    try {
      return Optional.ofNullable(value).map(ClipJob::parse);
    } catch (IllegalArgumentException malformed) {
      LOG.warn("rejected the clip job at {}", lease.record().position().eventId());
      return Optional.empty();
    }
  }

  /** The clip is not on this machine: perhaps on that of another worker. */
  private Mono<Verdict> elsewhere(ClipLease lease, ClipJob job) {
    if (lease.deliveryCount() < LAST_DELIVERY) {
      return Mono.just(Verdict.RELEASE).delayElement(PAUSE);
    }
    return publish(
            new ClipAnswers(job, desk.model, desk.clock.instant())
                .failed("clip_not_found", "The clip is not stored on any machine that was asked."))
        .thenReturn(Verdict.REJECT)
        .doOnSuccess(_ -> count("clip_not_found"));
  }

  private Mono<Void> finish(ClipEntry entry) {
    return run(entry)
        .doOnNext(event -> tell(entry, event))
        .takeUntilOther(entry.withdrawn())
        .filter(ClipWorker::last)
        .next()
        .switchIfEmpty(
            Mono.just(new ClipEvent.Refused("withdrawn", "The clip was deleted before its turn.")))
        .flatMap(event -> end(entry, event))
        .doFinally(_ -> entry.unclaim());
  }

  private Flux<ClipEvent> run(ClipEntry entry) {
    ClipJob job = entry.job();
    Optional<Media> media = store.find(job.clip()).map(StoredClip::media);
    if (media.isEmpty() || entry.isWithdrawn()) {
      return Flux.empty();
    }
    entry.at(0, 0);
    GenerationSettings generation = GenerationSettings.greedy(job.maxTokens());
    int frames = desk.model.framesPerWindow();
    return job.question() == null
        ? pipeline.caption(
            media.get(),
            new CaptionSettings(
                Duration.ofMillis(job.windowMillis()),
                frames,
                CaptionSettings.DEFAULT_PROMPT,
                generation))
        : pipeline.ask(media.get(), job.question(), new AskSettings(frames, generation));
  }

  private static void tell(ClipEntry entry, ClipEvent event) {
    switch (event) {
      case ClipEvent.Progress(double fraction, long frames, long _) -> entry.at(fraction, frames);
      case ClipEvent.Captioned(var caption) -> entry.add(caption);
      case ClipEvent.Finished(var result) -> {
        if (result.question().isPresent()) {
          result.texts().forEach(entry::add);
        }
      }
      case ClipEvent.Token _, ClipEvent.Refused _ -> {}
    }
  }

  private static boolean last(ClipEvent event) {
    return event instanceof ClipEvent.Finished || event instanceof ClipEvent.Refused;
  }

  private Mono<Void> end(ClipEntry entry, ClipEvent event) {
    ClipAnswers answers = new ClipAnswers(entry.job(), desk.model, desk.clock.instant());
    return switch (event) {
      case ClipEvent.Finished(var result) ->
          jobs.finished(entry, result)
              .thenMany(Flux.fromIterable(answers.answered(result)).concatMap(this::publish, 1))
              .then(jobs.over(entry, done(entry)))
              .doOnSuccess(_ -> count("done"));
      case ClipEvent.Refused(String code, String detail) ->
          code.equals("model_busy")
              ? Mono.error(new IllegalStateException("the model is busy: " + detail))
              : fail(entry, answers, code, detail);
      case ClipEvent.Progress _, ClipEvent.Token _, ClipEvent.Captioned _ -> Mono.empty();
    };
  }

  private static ClipStatus done(ClipEntry entry) {
    ClipStatus.Progress at = entry.status().progress();
    return entry
        .status()
        .with(ClipStatus.State.DONE, new ClipStatus.Progress(1, at.frames(), at.texts()), null);
  }

  private Mono<Void> fail(ClipEntry entry, ClipAnswers answers, String code, String detail) {
    ClipStatus last =
        entry
            .status()
            .with(
                ClipStatus.State.FAILED,
                entry.status().progress(),
                new ClipStatus.Failure(code, detail));
    return publish(answers.failed(code, detail))
        .then(jobs.over(entry, last))
        .doOnSuccess(_ -> count(code));
  }

  private Mono<Verdict> afterFailure(ClipLease lease, Throwable failure) {
    LOG.warn(
        "clip job {} failed at delivery {}", lease.record().key(), lease.deliveryCount(), failure);
    Optional<ClipEntry> entry = jobs.entry(lease.record().key());
    if (lease.deliveryCount() < LAST_DELIVERY || entry.isEmpty()) {
      return Mono.just(Verdict.RELEASE).delayElement(PAUSE);
    }
    ClipAnswers answers = new ClipAnswers(entry.get().job(), desk.model, desk.clock.instant());
    return fail(
            entry.get(), answers, "gave_up", "The clip was tried several times without success.")
        .thenReturn(Verdict.REJECT)
        .onErrorResume(_ -> Mono.just(Verdict.RELEASE).delayElement(PAUSE));
  }

  private Mono<Void> publish(Answer answer) {
    return cluster.publish(answer.toRecord(cluster.topics().answers())).then();
  }

  private void count(String outcome) {
    desk.meters.counter("densestream.clips.jobs", "outcome", outcome).increment();
  }
}
