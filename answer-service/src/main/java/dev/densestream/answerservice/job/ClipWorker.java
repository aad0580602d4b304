package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.clip.AskSettings;
import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.answerservice.clip.ClipEvent;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.StoredClip;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Works on queued clips, as many at once as it has leases. A job that fails for reasons of its clip
 * is over; one that fails for reasons of ours goes back to the queue, and ends as {@code gave_up}
 * when it fails at its delivery number {@value #LAST_DELIVERY}. One that never failed but was
 * interrupted so often, by stops and crashes, is queued anew, {@value #MOST_ROUNDS} times in all;
 * and none is begun more than {@value #MOST_TRIES} times, however often it was ordered.
 */
public final class ClipWorker {
  /** Below the broker's own limit of 5, beyond which it would drop the job without a word. */
  private static final int LAST_DELIVERY = 4;

  private static final int MOST_ROUNDS = 4;
  private static final int MOST_TRIES = LAST_DELIVERY * MOST_ROUNDS;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration NOTE = Duration.ofSeconds(1);
  private static final Duration SWEEP = Duration.ofMinutes(10);

  /** Failures of ours, not of the clip: another question's, a moment's, a stop's. */
  private static final Set<String> OURS =
      Set.of("model_busy", "model_failed", "out_of_memory", "engine_closed", "context_closed");

  private static final String GONE = "The clip was deleted before its turn.";
  private static final Logger LOG = LoggerFactory.getLogger(ClipWorker.class);

  private final TopicCluster cluster;
  private final ClipStore store;
  private final ClipJobs jobs;
  private final ClipPipeline pipeline;
  private final ClipEnding ending;
  private final Desk desk;

  /**
   * What a worker works with beside the clips.
   *
   * @param concurrency clips at once
   * @param disk where files are looked for
   */
  public record Desk(
      AnswerModel model, int concurrency, MeterRegistry meters, Clock clock, Scheduler disk) {
    public Desk {
      requireNonNull(model, "model is null");
      requireNonNull(meters, "meters is null");
      requireNonNull(clock, "clock is null");
      requireNonNull(disk, "disk is null");
    }
  }

  ClipWorker(
      TopicCluster cluster,
      ClipStore store,
      ClipJobs jobs,
      ClipPipeline pipeline,
      ClipEnding ending,
      Desk desk) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.store = requireNonNull(store, "store is null");
    this.jobs = requireNonNull(jobs, "jobs is null");
    this.pipeline = requireNonNull(pipeline, "pipeline is null");
    this.ending = requireNonNull(ending, "ending is null");
    this.desk = requireNonNull(desk, "desk is null");
  }

  /**
   * Works until cancelled. Cancelling gives the jobs under way back to the queue. An error means
   * the queue cannot be reached: subscribe again after a while.
   */
  public Flux<Void> run() {
    Flux<Void> work = cluster.clips(desk.concurrency).flatMap(this::settle, desk.concurrency, 1);
    Flux<Void> sweeps =
        Flux.interval(Duration.ZERO, SWEEP).onBackpressureDrop().concatMap(_ -> jobs.sweep(), 1);
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
      ending.count("malformed");
      return Mono.just(Verdict.REJECT);
    }
    return jobs.entry(job.get().clip())
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .flatMap(
            entry ->
                entry
                    .map(known -> work(lease, job.get(), known))
                    .orElseGet(() -> elsewhere(lease, job.get())));
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

  private Mono<Verdict> work(ClipLease lease, ClipJob job, ClipEntry entry) {
    Optional<ClipOutcome> outcome = ending.outcome(job.clip());
    if (outcome.isPresent()) {
      // A second order, or a first that was not settled when its worker died.
      return ending.remember(entry, outcome.get()).thenReturn(Verdict.ACCEPT);
    }
    if (entry.status().terminal()) {
      return Mono.just(Verdict.ACCEPT);
    }
    if (lease.deliveryCount() > LAST_DELIVERY) {
      return interruptedTooOften(job, entry).thenReturn(Verdict.ACCEPT);
    }
    return entry.claim()
        ? once(entry).thenReturn(Verdict.ACCEPT)
        : entry.free().then(Mono.defer(() -> work(lease)));
  }

  private Mono<Void> interruptedTooOften(ClipJob job, ClipEntry entry) {
    return job.round() < MOST_ROUNDS ? jobs.again(job) : gaveUp(entry);
  }

  /** The clip is not in this process's folder: perhaps in that of another worker. */
  private Mono<Verdict> elsewhere(ClipLease lease, ClipJob job) {
    if (ending.outcome(job.clip()).isPresent()) {
      return Mono.just(Verdict.ACCEPT);
    }
    if (lease.deliveryCount() < LAST_DELIVERY) {
      LOG.warn(
          "clip {} is not in this process's folder; processes that work on clips together need"
              + " densestream.clips.shared",
          job.clip());
      return Mono.just(Verdict.RELEASE).delayElement(PAUSE);
    }
    ClipStatus.Failure why =
        new ClipStatus.Failure(
            "clip_not_found", "The clip is not stored on any machine that was asked.");
    return ending.failed(job, null, why).thenReturn(Verdict.REJECT);
  }

  private Mono<Void> once(ClipEntry entry) {
    return jobs.tries(entry)
        .flatMap(tries -> tries > MOST_TRIES ? gaveUp(entry) : finish(entry))
        .doFinally(_ -> entry.unclaim());
  }

  private Mono<Void> finish(ClipEntry entry) {
    Flux<ClipEvent> work =
        run(entry)
            .doOnNext(event -> tell(entry, event))
            .takeUntilOther(entry.withdrawn())
            .concatWith(Mono.fromSupplier(() -> new ClipEvent.Refused(ClipEnding.WITHDRAWN, GONE)));
    Flux<ClipEvent> notes =
        Flux.interval(NOTE)
            .onBackpressureDrop()
            .concatMap(_ -> note(entry).thenMany(Flux.<ClipEvent>empty()), 1);
    return Flux.merge(1, work, notes)
        .filter(ClipWorker::last)
        .next()
        .flatMap(event -> end(entry, event));
  }

  private Mono<Void> note(ClipEntry entry) {
    return jobs.note(entry)
        .doOnError(failed -> LOG.warn("how far a clip is could not be noted", failed))
        .onErrorComplete();
  }

  private Flux<ClipEvent> run(ClipEntry entry) {
    return stored(entry)
        .flatMapMany(
            clip -> {
              if (entry.isWithdrawn()) {
                return Flux.empty();
              }
              if (clip.isEmpty()) {
                return Flux.just(
                    new ClipEvent.Refused("clip_not_found", "The clip's file is not there."));
              }
              entry.at(0, 0);
              return run(entry.job(), clip.get());
            });
  }

  private Mono<Optional<StoredClip>> stored(ClipEntry entry) {
    return Mono.fromCallable(() -> store.find(entry.job().clip())).subscribeOn(desk.disk);
  }

  private Flux<ClipEvent> run(ClipJob job, StoredClip clip) {
    GenerationSettings generation = GenerationSettings.greedy(job.maxTokens());
    int frames = desk.model.framesPerWindow();
    return job.question() == null
        ? pipeline.caption(
            clip.media(),
            new CaptionSettings(
                Duration.ofMillis(job.windowMillis()),
                frames,
                job.maxVisualTokens(),
                CaptionSettings.DEFAULT_PROMPT,
                generation))
        : pipeline.ask(
            clip.media(),
            job.question(),
            new AskSettings(frames, job.maxVisualTokens(), generation));
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
    return switch (event) {
      case ClipEvent.Finished(var result) -> ending.finished(entry, result);
      case ClipEvent.Refused(String code, String detail) ->
          OURS.contains(code)
              ? Mono.error(new IllegalStateException(code + ": " + detail))
              : fail(entry, new ClipStatus.Failure(code, detail));
      case ClipEvent.Progress _, ClipEvent.Token _, ClipEvent.Captioned _ -> Mono.empty();
    };
  }

  private Mono<Void> fail(ClipEntry entry, ClipStatus.Failure why) {
    return stored(entry).flatMap(clip -> ending.failed(entry, clip.orElse(null), why));
  }

  private Mono<Void> gaveUp(ClipEntry entry) {
    return fail(
        entry,
        new ClipStatus.Failure("gave_up", "The clip was tried several times without success."));
  }

  private Mono<Verdict> afterFailure(ClipLease lease, Throwable failure) {
    LOG.warn(
        "clip job {} failed at delivery {}", lease.record().key(), lease.deliveryCount(), failure);
    return jobs.entry(lease.record().key())
        .flatMap(
            entry ->
                lease.deliveryCount() < LAST_DELIVERY
                    ? jobs.waits(entry).thenReturn(Verdict.RELEASE)
                    : gaveUp(entry).thenReturn(Verdict.REJECT))
        .defaultIfEmpty(Verdict.RELEASE)
        .onErrorResume(
            second -> {
              LOG.warn("and could not be ended", second);
              return Mono.just(Verdict.RELEASE);
            })
        .flatMap(
            verdict ->
                verdict == Verdict.RELEASE
                    ? Mono.just(verdict).delayElement(PAUSE)
                    : Mono.just(verdict));
  }
}
