package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.job.ClipJob;
import dev.densestream.answerservice.job.ClipJobs;
import dev.densestream.answerservice.job.ClipStatus;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.ClipUpload;
import dev.densestream.ingest.FetchedMedia;
import dev.densestream.ingest.StoredClip;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The door for clips: a place for the job first, then the bytes to disk, then a look at what they
 * are, and only then a promise. What is refused on the way leaves nothing behind; a sender who
 * hangs up while the promise is being made leaves a job, if it can be made.
 */
public final class ClipIntake {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(15);
  private static final int READ_BYTES = 64 * 1024;

  private final ClipStore store;
  private final ClipJobs jobs;
  private final FrameSampler sampler;
  private final AnswerModel model;
  private final Clock clock;
  private final Semaphore uploads;

  ClipIntake(
      ClipStore store,
      ClipJobs jobs,
      FrameSampler sampler,
      AnswerModel model,
      Clock clock,
      int maxUploads) {
    this.store = requireNonNull(store, "store is null");
    this.jobs = requireNonNull(jobs, "jobs is null");
    this.sampler = requireNonNull(sampler, "sampler is null");
    this.model = requireNonNull(model, "model is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.uploads = new Semaphore(maxUploads);
  }

  /** Errors with 429 before the first byte is asked for, when there is no place. */
  public Mono<ClipStatus> take(Flux<ByteBuffer> content, ClipUpload upload, ClipWish wish) {
    return placed(place -> stored(place, content, upload, wish));
  }

  /** The same for a clip somewhere else: without a place, nothing is asked of where it is. */
  Mono<ClipStatus> take(Mono<FetchedMedia> source, ClipWish wish) {
    return placed(
        place ->
            Mono.usingWhen(
                source,
                fetched -> stored(place, content(fetched), upload(fetched), wish),
                fetched -> Mono.fromRunnable(fetched::close)));
  }

  private Mono<ClipStatus> placed(Function<ClipJobs.Place, Mono<ClipStatus>> work) {
    return Mono.using(
        this::upload,
        _ ->
            Mono.usingWhen(
                jobs.place().switchIfEmpty(Mono.error(ClipIntake::full)),
                work,
                place -> Mono.fromRunnable(place::close)),
        Semaphore::release);
  }

  private static ClipUpload upload(FetchedMedia fetched) {
    return new ClipUpload(
        null, fetched.contentType(), OptionalLong.of(fetched.media().sizeBytes()));
  }

  private static Flux<ByteBuffer> content(FetchedMedia fetched) {
    return DataBufferUtils.read(
            fetched.media().path(), DefaultDataBufferFactory.sharedInstance, READ_BYTES)
        .map(ClipBody::take);
  }

  private Semaphore upload() {
    if (!uploads.tryAcquire()) {
      throw full();
    }
    return uploads;
  }

  private static ProblemException full() {
    return ProblemException.tooMany(
        "too_many_clips", "Too many clips wait or arrive at the moment.", RETRY_AFTER);
  }

  private Mono<ClipStatus> stored(
      ClipJobs.Place place, Flux<ByteBuffer> content, ClipUpload upload, ClipWish wish) {
    return Mono.usingWhen(
        store.store(content, upload),
        clip -> admit(place, clip, wish),
        _ -> Mono.empty(),
        (clip, _) -> store.delete(clip.id()),
        clip -> Mono.defer(() -> place.close() ? Mono.empty() : store.delete(clip.id())));
  }

  private Mono<ClipStatus> admit(ClipJobs.Place place, StoredClip clip, ClipWish wish) {
    return Mono.fromCallable(() -> job(clip, wish))
        .flatMap(
            job ->
                sampler
                    .probe(clip.media())
                    .flatMap(probe -> jobs.accept(place, job, status(clip, job, probe, wish))));
  }

  /** Refused here, not later, if the model cannot see anything within the job's bound. */
  private ClipJob job(StoredClip clip, ClipWish wish) {
    ClipJob job = wish.job(clip.id(), clock.instant());
    VisualBudget budget = VisualBudget.of(Question.VISUAL_TOKENS, job.maxVisualTokens(), model);
    if (job.question() == null) {
      budget.framesInARow(model.framesPerWindow());
    } else {
      budget.frames(model.framesPerWindow());
    }
    return job;
  }

  private static ClipStatus status(StoredClip clip, ClipJob job, MediaProbe probe, ClipWish wish) {
    return new ClipStatus(
        clip.id(),
        wish.name(),
        mediaType(probe.container()),
        clip.sizeBytes(),
        job.question(),
        job.acceptedAt(),
        ClipStatus.State.QUEUED,
        new ClipStatus.Progress(0, 0, 0),
        null);
  }

  /** What a player is told: by the probe, never by the sender. */
  private static String mediaType(String container) {
    String name = container.toLowerCase(Locale.ROOT);
    if (name.contains("mp4") || name.contains("mov")) {
      return "video/mp4";
    }
    if (name.contains("webm") || name.contains("matroska")) {
      return "video/webm";
    }
    if (name.equals("avi")) {
      return "video/x-msvideo";
    }
    return name.contains("mpegts") ? "video/mp2t" : "application/octet-stream";
  }
}
