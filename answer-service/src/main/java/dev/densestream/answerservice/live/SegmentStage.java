package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.live.LiveMetrics.SegmentVerdict;
import dev.densestream.answerservice.live.SegmentFrames.Step;
import dev.densestream.answerservice.live.SegmentFrames.Use;
import dev.densestream.answerservice.window.TakenSegment;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.visionpipeline.EncoderOverloadedException;
import dev.densestream.visionpipeline.VisionEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * One record of the segments topic through decoder, sampling policy and encoder. Whatever happens
 * to it, a {@link TakenRecord} comes out; the flux it is part of never ends for a bad segment.
 */
final class SegmentStage {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentStage.class);

  /** Others fill the encoder's queue too; a few seconds are waited for them. */
  private static final long OVERLOAD_RETRIES = 10;

  private final FrameSampler sampler;
  private final VisionEncoder encoder;
  private final StandingQuestions questions;
  private final StreamActivity activity;
  private final LiveMetrics metrics;
  private final Bounds bounds;
  private final FrameBudget budget;
  private final Sampling sampling = new Sampling();

  /**
   * @param encodeAhead frames of one segment that wait for the encoder, if the budget allows
   * @param latestWithin a {@code latest} stream further behind is lagging
   */
  record Bounds(int encodeAhead, Duration latestWithin, Clock clock) {}

  SegmentStage(
      FrameSampler sampler,
      VisionEncoder encoder,
      StandingQuestions questions,
      StreamActivity activity,
      LiveMetrics metrics,
      Bounds bounds,
      FrameBudget budget) {
    this.sampler = requireNonNull(sampler, "sampler is null");
    this.encoder = requireNonNull(encoder, "encoder is null");
    this.questions = requireNonNull(questions, "questions is null");
    this.activity = requireNonNull(activity, "activity is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.bounds = requireNonNull(bounds, "bounds is null");
    this.budget = requireNonNull(budget, "budget is null");
  }

  Mono<TakenRecord> take(ReceivedSegment received) {
    return Mono.defer(
        () -> {
          metrics.segmentTaken();
          return switch (received) {
            case ReceivedSegment.Poison poison -> Mono.just(poison(poison));
            case ReceivedSegment.Intact intact -> intact(intact.segment(), intact.position());
          };
        });
  }

  private TakenRecord poison(ReceivedSegment.Poison poison) {
    metrics.segment(SegmentVerdict.POISON);
    DeadLetter letter =
        new DeadLetter(
            Answer.Source.stream(poison.key() == null ? "unknown" : poison.key()),
            DeadLetter.Cause.of(poison.code(), poison.detail()),
            poison.position(),
            poison.sizeBytes(),
            poison.sha256(),
            bounds.clock.instant());
    return new TakenRecord(poison.position(), Optional.empty(), List.of(letter));
  }

  private Mono<TakenRecord> intact(Segment segment, RecordPosition position) {
    if (segment.range().durationMicros() > SegmentFrames.LONGEST_MICROS) {
      return Mono.just(givenUp(segment, position, SegmentFrames.TOO_LONG));
    }
    return Mono.defer(() -> decoded(segment, position))
        .onErrorResume(error -> Mono.just(broken(segment, position, error)));
  }

  private Mono<TakenRecord> decoded(Segment segment, RecordPosition position) {
    StreamDefinition definition = questions.definition(segment.stream());
    return frames(segment, definition, use(segment, definition))
        .map(frames -> outcome(segment, position, frames));
  }

  /** It moves no clock: where it says that it lies is not to be believed. */
  private TakenRecord givenUp(Segment segment, RecordPosition position, DeadLetter.Cause cause) {
    metrics.segment(SegmentVerdict.REFUSED);
    activity.failed(segment.stream(), cause.code());
    return new TakenRecord(position, Optional.empty(), List.of(letter(segment, position, cause)));
  }

  /** What nobody thought of costs this segment, not the streams. */
  private TakenRecord broken(Segment segment, RecordPosition position, Throwable error) {
    LOG.error("segment {} of stream {} broke", segment.sequence(), segment.stream(), error);
    return givenUp(segment, position, TakenRecord.BROKEN);
  }

  private Use use(Segment segment, StreamDefinition definition) {
    if (isLagging(segment, definition)) {
      return Use.LAGGING;
    }
    return questions.on(segment.stream()).isEmpty() ? Use.UNASKED : Use.ASKED;
  }

  private boolean isLagging(Segment segment, StreamDefinition definition) {
    return definition.overload() == StreamDefinition.Overload.LATEST
        && Duration.between(segment.capturedAt(), bounds.clock.instant())
                .compareTo(bounds.latestWithin)
            > 0;
  }

  /** At most one frame waits for room in the budget, and nothing is decoded meanwhile. */
  private Mono<SegmentFrames> frames(Segment segment, StreamDefinition definition, Use use) {
    SamplingPolicy policy =
        use == Use.ASKED ? sampling.of(definition) : new SamplingPolicy.Keyframes();
    return Flux.using(
            budget::open,
            share ->
                sampler
                    .sample(segment.media(), policy)
                    .onErrorResume(error -> Mono.just(undecodable(segment, error)))
                    .concatMap(event -> admitted(segment, event, use, share), 0)
                    .flatMapSequential(Supplier::get, bounds.encodeAhead, 1),
            FrameBudget.Share::close)
        .collect(() -> new SegmentFrames(use, segment.range()), SegmentFrames::add);
  }

  /** What is left to be done for an event, once its frame may be held. */
  private Mono<Supplier<Mono<Step>>> admitted(
      Segment segment, SampleEvent event, Use use, FrameBudget.Share share) {
    if (!(event instanceof SampleEvent.Sampled(Frame frame))) {
      return Mono.just(() -> Mono.just(new SegmentFrames.Ended(event)));
    }
    activity.sampled(segment.stream(), frame);
    if (use != Use.ASKED) {
      return Mono.just(() -> Mono.just(new SegmentFrames.LookedAt()));
    }
    return share
        .claim(frame.rgb().length)
        .map(claim -> () -> encoded(segment, frame).doFinally(_ -> claim.release()));
  }

  private Mono<Step> encoded(Segment segment, Frame frame) {
    Frame onStreamClock =
        new Frame(
            segment.range().startMicros() + frame.ptsMicros(),
            frame.width(),
            frame.height(),
            frame.rgb());
    return encoder
        .encode(onStreamClock)
        .retryWhen(
            Retry.backoff(OVERLOAD_RETRIES, Duration.ofMillis(20))
                .maxBackoff(Duration.ofMillis(500))
                .filter(EncoderOverloadedException.class::isInstance)
                .onRetryExhaustedThrow((_, signal) -> signal.failure()))
        .<Step>map(SegmentFrames.Encoded::new)
        .onErrorResume(error -> Mono.just(unencoded(segment, error)));
  }

  /** The frame is given up, the segment and its stream go on. */
  private static Step unencoded(Segment segment, Throwable error) {
    if (error instanceof EncoderOverloadedException) {
      return new SegmentFrames.Unencoded(
          DeadLetter.Cause.of(
              EncoderOverloadedException.CODE,
              "More frames waited for the vision encoder than it may hold; ask for fewer frames."));
    }
    LOG.error("a frame of stream {} was not encoded", segment.stream(), error);
    return new SegmentFrames.Unencoded(
        DeadLetter.Cause.of(
            "encoder_failed",
            "The vision encoder failed on frames of the segment; the service's log says why."));
  }

  /** There was no decoder to give the segment to: it is given up, the stream goes on. */
  private static SampleEvent undecodable(Segment segment, Throwable error) {
    LOG.error("segment {} of stream {} failed", segment.sequence(), segment.stream(), error);
    return new SampleEvent.Refused(
        MediaRefusal.of(
            MediaRefusal.Code.DECODER_UNAVAILABLE,
            "No decoder could be given the segment; the service's log says why."),
        FrameCounts.NONE);
  }

  private TakenRecord outcome(Segment segment, RecordPosition position, SegmentFrames frames) {
    Optional<DeadLetter.Cause> failure = frames.failure();
    TakenSegment.Content content =
        new TakenSegment.Content(
            frames.decodedMicros(), frames.encoded(), frames.counts(), frames.lagging());
    TakenSegment taken =
        new TakenSegment(
            position,
            segment.run(),
            segment.sequence(),
            segment.floating(),
            segment.capturedAt(),
            frames.range(),
            content);
    metrics.segment(verdict(frames));
    return new TakenRecord(
        position,
        Optional.of(
            new TakenRecord.Taken(
                segment.stream(),
                taken,
                failure.map(DeadLetter.Cause::code).orElse(null),
                cause -> letter(segment, position, cause))),
        failure.map(cause -> letter(segment, position, cause)).stream().toList());
  }

  private static SegmentVerdict verdict(SegmentFrames frames) {
    if (frames.refused()) {
      return SegmentVerdict.REFUSED;
    }
    if (frames.lagging()) {
      return SegmentVerdict.LAGGING;
    }
    if (frames.failure().isPresent()) {
      return SegmentVerdict.UNENCODED;
    }
    return frames.damaged() ? SegmentVerdict.DAMAGED : SegmentVerdict.DECODED;
  }

  private DeadLetter letter(Segment segment, RecordPosition position, DeadLetter.Cause cause) {
    return new DeadLetter(
        Answer.Source.stream(segment.stream().value()),
        cause,
        position,
        segment.media().sizeBytes(),
        sha256(segment.media()),
        bounds.clock.instant());
  }

  private static String sha256(Media media) {
    if (!(media instanceof Media.Bytes(byte[] content))) {
      return "";
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
