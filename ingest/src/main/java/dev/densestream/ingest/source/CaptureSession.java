package dev.densestream.ingest.source;

import dev.densestream.ingest.FetchedMedia;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * One run of capture over one stream: its clock, its sequence numbers, its failures in a row. One
 * subscriber; its signals are serial, so plain fields are enough.
 */
final class CaptureSession {
  private static final Logger log = LoggerFactory.getLogger(CaptureSession.class);

  /** What trying again would not change. */
  private static final Set<String> HOPELESS = Set.of("forbidden_location", "too_large");

  private final StreamDefinition definition;
  private final String source;
  private final SourceCapture capture;
  private final StreamClock clock;
  private long nextSequence;
  private long doneMicros;
  private int failuresInARow;
  private boolean saidUnaligned;

  CaptureSession(StreamDefinition definition, String source, SourceCapture capture) {
    this.definition = definition;
    this.source = source;
    this.capture = capture;
    this.clock =
        new StreamClock(
            capture.time(), capture.ends().of(definition.id()), definition.alignMillis());
  }

  Flux<Segment> segments() {
    return Flux.usingWhen(capture.fetcher().fetch(source), this::passes, media -> close(media))
        .concatMap(this::atItsTime, 0)
        .doOnNext(out -> capture.ends().reached(definition.id(), out.range().endMicros()))
        .doOnSubscribe(_ -> become(new StreamState.Starting()))
        .retryWhen(Retry.from(failures -> failures.concatMap(this::retryOrGiveUp, 1)))
        .doFirst(capture.meters()::started)
        .doFinally(_ -> capture.meters().stopped())
        .doOnComplete(() -> become(new StreamState.Ended()))
        .doOnError(error -> refuse((MediaRefusedException) error))
        .doOnCancel(() -> capture.forget(definition.id()));
  }

  private Flux<SegmentCutter.Piece> passes(FetchedMedia media) {
    Flux<SegmentCutter.Piece> pass =
        Flux.defer(() -> pass(media.media())).doOnComplete(() -> doneMicros = 0);
    return definition.loop() ? pass.repeat() : pass;
  }

  private Flux<SegmentCutter.Piece> pass(Media media) {
    long from = doneMicros; // above 0 when the pass before failed there
    clock.startPass(from);
    return capture
        .cutter()
        .cut(media, Duration.ofMillis(definition.segmentMillis()).toNanos() / 1_000)
        .switchIfEmpty(
            Mono.error(
                // Looped, such a source would spin.
                () ->
                    new MediaRefusedException(
                        "no_frames", "%s holds no video.".formatted(Location.shown(source)))))
        .filter(piece -> piece.range().startMicros() >= from);
  }

  private Mono<Segment> atItsTime(SegmentCutter.Piece piece) {
    PtsRange range = clock.place(piece.range());
    note(piece);
    if (definition.pace() == StreamDefinition.Pace.AS_DEMANDED) {
      return Mono.fromSupplier(() -> segment(piece, range, capture.time().wall().instant()));
    }
    Segment segment = segment(piece, range, clock.capturedAt(range));
    long wait = clock.microsUntilEnd(range, capture.time());
    return wait <= 0
        ? Mono.just(segment)
        : Mono.delay(Duration.of(wait, ChronoUnit.MICROS), capture.time().scheduler())
            .thenReturn(segment);
  }

  private Segment segment(SegmentCutter.Piece piece, PtsRange range, Instant capturedAt) {
    return new Segment(
        definition.id(),
        clock.run(),
        nextSequence++,
        range,
        false,
        capturedAt,
        piece.contentType(),
        piece.media());
  }

  private void note(SegmentCutter.Piece piece) {
    failuresInARow = 0;
    doneMicros = piece.range().endMicros();
    capture.meters().segment(piece);
    if (!piece.keyframeAligned() && !saidUnaligned) {
      saidUnaligned = true;
      log.warn(
          "stream {}: its source has no usable keyframe interval; segments are split as its format"
              + " allows",
          definition.id());
    }
    become(new StreamState.Running(!saidUnaligned));
  }

  private Mono<Long> retryOrGiveUp(Retry.RetrySignal signal) {
    MediaRefusedException failure = explain(signal.failure());
    failuresInARow++;
    if (HOPELESS.contains(failure.code()) || failuresInARow > capture.settings().maxRetries()) {
      return Mono.error(failure);
    }
    capture.meters().retry(failure.code());
    Duration wait = capture.settings().backoff(failuresInARow);
    log.warn(
        "stream {}: {} ({}); retry {} in {} s",
        definition.id(),
        failure.getMessage(),
        failure.code(),
        failuresInARow,
        wait.toSeconds());
    become(new StreamState.Retrying(failure.code(), message(failure), failuresInARow));
    return Mono.delay(wait, capture.time().scheduler())
        .doOnNext(_ -> clock.skipOutage(capture.time()));
  }

  private MediaRefusedException explain(Throwable failure) {
    if (failure instanceof MediaRefusedException refusal) {
      return refusal;
    }
    log.error("stream {}: capture failed", definition.id(), failure);
    return new MediaRefusedException(
        "capture_failed", "%s could not be captured.".formatted(Location.shown(source)));
  }

  private void refuse(MediaRefusedException refusal) {
    capture.meters().refused(refusal.code());
    log.warn("stream {}: given up: {}", definition.id(), refusal.getMessage());
    become(new StreamState.Refused(refusal.code(), message(refusal)));
  }

  private static String message(MediaRefusedException refusal) {
    return String.valueOf(refusal.getMessage());
  }

  private void become(StreamState state) {
    capture.become(definition.id(), state);
  }

  private static Mono<Void> close(FetchedMedia media) {
    return Mono.<Void>fromRunnable(media::close).subscribeOn(Schedulers.boundedElastic());
  }
}
