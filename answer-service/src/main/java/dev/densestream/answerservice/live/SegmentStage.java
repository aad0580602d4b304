package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.live.LiveMetrics.SegmentVerdict;
import dev.densestream.answerservice.window.TakenSegment;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.visionpipeline.VisionEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One record of the segments topic through decoder, sampling policy and encoder. Whatever happens
 * to it, a {@link TakenRecord} comes out; the flux it is part of never ends for a bad segment.
 */
final class SegmentStage {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentStage.class);

  private final FrameSampler sampler;
  private final VisionEncoder encoder;
  private final StandingQuestions questions;
  private final StreamActivity activity;
  private final LiveMetrics metrics;
  private final Bounds bounds;

  /**
   * @param encodeAhead frames of one segment that wait for the encoder
   * @param latestWithin a {@code latest} stream further behind is lagging
   */
  record Bounds(int encodeAhead, Duration latestWithin, Clock clock) {}

  SegmentStage(
      FrameSampler sampler,
      VisionEncoder encoder,
      StandingQuestions questions,
      StreamActivity activity,
      LiveMetrics metrics,
      Bounds bounds) {
    this.sampler = requireNonNull(sampler, "sampler is null");
    this.encoder = requireNonNull(encoder, "encoder is null");
    this.questions = requireNonNull(questions, "questions is null");
    this.activity = requireNonNull(activity, "activity is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.bounds = requireNonNull(bounds, "bounds is null");
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
    StreamDefinition definition = questions.definition(segment.stream());
    if (isLagging(segment, definition)) {
      metrics.segment(SegmentVerdict.LAGGING);
      return Mono.just(
          taken(segment, position, segment.range(), TakenSegment.Content.LAGGING, List.of()));
    }
    return content(segment, definition)
        .onErrorResume(error -> Mono.just(brokenOff(segment, error)))
        .map(frames -> outcome(segment, position, frames));
  }

  private boolean isLagging(Segment segment, StreamDefinition definition) {
    return definition.overload() == StreamDefinition.Overload.LATEST
        && Duration.between(segment.capturedAt(), bounds.clock.instant())
                .compareTo(bounds.latestWithin)
            > 0;
  }

  private Mono<SegmentFrames> content(Segment segment, StreamDefinition definition) {
    boolean asked = !questions.on(segment.stream()).isEmpty();
    SamplingPolicy policy = asked ? policy(definition) : new SamplingPolicy.Keyframes();
    return sampler
        .sample(segment.media(), policy)
        .flatMapSequential(event -> encoded(segment, event, asked), bounds.encodeAhead, 1)
        .collect(SegmentFrames::new, SegmentFrames::add);
  }

  private static SamplingPolicy policy(StreamDefinition definition) {
    try {
      return SamplingPolicy.parse(definition.sampling());
    } catch (IllegalArgumentException e) {
      LOG.warn("stream {} is sampled at fps:1: {}", definition.id(), e.getMessage());
      return new SamplingPolicy.Fps(1);
    }
  }

  private Mono<SegmentFrames.Step> encoded(Segment segment, SampleEvent event, boolean asked) {
    if (!(event instanceof SampleEvent.Sampled(Frame frame))) {
      return Mono.just(new SegmentFrames.Ended(event));
    }
    activity.sampled(segment.stream(), frame);
    if (!asked) {
      return Mono.just(new SegmentFrames.Unasked());
    }
    Frame onStreamClock =
        new Frame(
            segment.range().startMicros() + frame.ptsMicros(),
            frame.width(),
            frame.height(),
            frame.rgb());
    metrics.frameHeld(frame.rgb().length);
    return encoder
        .encode(onStreamClock)
        .<SegmentFrames.Step>map(SegmentFrames.Encoded::new)
        .doFinally(_ -> metrics.frameReleased(frame.rgb().length));
  }

  /** The decoder pool or the encoder itself failed: the segment is given up, the stream goes on. */
  private static SegmentFrames brokenOff(Segment segment, Throwable error) {
    LOG.error("segment {} of stream {} failed", segment.sequence(), segment.stream(), error);
    SegmentFrames frames = new SegmentFrames();
    MediaRefusal refusal =
        MediaRefusal.of(
            MediaRefusal.Code.DECODER_CRASHED,
            "The segment could not be decoded and encoded; the service's log says why.");
    frames.add(new SegmentFrames.Ended(new SampleEvent.Refused(refusal, FrameCounts.NONE)));
    return frames;
  }

  private TakenRecord outcome(Segment segment, RecordPosition position, SegmentFrames frames) {
    FrameCounts counts = frames.counts();
    PtsRange range = frames.range(segment.range());
    Optional<MediaRefusal> refusal = frames.refusal();
    if (refusal.isPresent()) {
      metrics.segment(SegmentVerdict.REFUSED);
      activity.failed(segment.stream(), counts, refusal.get().code().text());
    } else {
      metrics.segment(frames.damaged() ? SegmentVerdict.DAMAGED : SegmentVerdict.DECODED);
      activity.counted(segment.stream(), counts);
    }
    TakenSegment.Content content =
        new TakenSegment.Content(frames.decodedMicros(range), frames.encoded(), counts, false);
    return taken(
        segment,
        position,
        range,
        content,
        refusal.map(r -> letter(segment, position, r)).stream().toList());
  }

  private static TakenRecord taken(
      Segment segment,
      RecordPosition position,
      PtsRange range,
      TakenSegment.Content content,
      List<DeadLetter> letters) {
    TakenSegment taken =
        new TakenSegment(position, segment.sequence(), segment.capturedAt(), range, content);
    return new TakenRecord(
        position, Optional.of(new TakenRecord.Taken(segment.stream(), taken)), letters);
  }

  private DeadLetter letter(Segment segment, RecordPosition position, MediaRefusal refusal) {
    return new DeadLetter(
        Answer.Source.stream(segment.stream().value()),
        DeadLetter.Cause.of(refusal),
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
