package dev.densestream.answerservice.live;

import dev.densestream.answerservice.DeadLetter;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers what one segment gave, in order; used by one caller at a time. */
final class SegmentFrames {
  /** Encoded frames kept of one segment; a second's worth at any camera's rate, and far beyond. */
  static final int MOST = 512;

  /** The longest segment that is taken: an hour. Each has a record of each window it lies in. */
  static final long LONGEST_MICROS = 3_600_000_000L;

  static final DeadLetter.Cause TOO_LONG =
      DeadLetter.Cause.of(
          "segment_too_long",
          "The segment says that it is longer than the hour a segment may be; send shorter ones"
              + " with their own times.");

  private static final DeadLetter.Cause BAD_TIMES =
      DeadLetter.Cause.of(
          "segment_bad_times",
          "The times in the segment's container are none a video can have; write the container"
              + " anew.");

  /**
   * So much longer than its frames last a segment may say it is: how long the last one is shown is
   * not in every container.
   */
  private static final long SLACK_MICROS = 1_000_000;

  private final Use use;
  private final PtsRange claimed;
  private final List<VisualTokens> encoded = new ArrayList<>();
  private int lookedAt;
  private int beyond;
  private int unencoded;
  private int givenUp;
  private @Nullable SampleEvent end;
  private DeadLetter.@Nullable Cause refusal;
  private DeadLetter.@Nullable Cause encoderFailure;

  /**
   * @param claimed where the segment says it lies, no longer than {@link #LONGEST_MICROS}
   */
  SegmentFrames(Use use, PtsRange claimed) {
    this.use = use;
    this.claimed = claimed;
  }

  /** What a segment is decoded for. */
  enum Use {
    /** Somebody asks about its stream: its frames are encoded. */
    ASKED,
    /** Nobody asks: its keyframes are looked at. */
    UNASKED,
    /** Its {@code latest} stream is behind: its keyframes are looked at, its frames counted. */
    LAGGING
  }

  /** One step of a segment's way. */
  sealed interface Step {}

  /** A frame came out of the encoder. */
  record Encoded(VisualTokens tokens) implements Step {}

  /** The encoder failed on a frame. */
  record Unencoded(DeadLetter.Cause cause) implements Step {}

  /** A frame that was only looked at, as {@link Use} says. */
  record LookedAt() implements Step {}

  /** Decoding ended: finished or refused. */
  record Ended(SampleEvent event) implements Step {}

  void add(Step step) {
    switch (step) {
      case Encoded(VisualTokens tokens) -> {
        if (encoded.size() < MOST) {
          encoded.add(tokens);
        } else {
          beyond++;
        }
      }
      case Unencoded(DeadLetter.Cause cause) -> {
        unencoded++;
        encoderFailure = cause;
      }
      case LookedAt() -> lookedAt++;
      case Ended(SampleEvent event) -> end(event);
    }
  }

  private void end(SampleEvent event) {
    end = event;
    if (event instanceof SampleEvent.Refused refused) {
      refusal = DeadLetter.Cause.of(refused.refusal());
    } else if (event instanceof SampleEvent.Finished finished) {
      refusal = contradiction(finished.durationMicros());
      if (refusal != null) { // nobody knows where its frames lie
        givenUp = encoded.size();
        encoded.clear();
      }
    }
  }

  private DeadLetter.@Nullable Cause contradiction(long decodedMicros) {
    if (decodedMicros < 0) {
      return BAD_TIMES;
    }
    return claimed.durationMicros() == 0 && decodedMicros > LONGEST_MICROS ? TOO_LONG : null;
  }

  List<VisualTokens> encoded() {
    return encoded;
  }

  boolean lagging() {
    return use == Use.LAGGING;
  }

  boolean damaged() {
    return end instanceof SampleEvent.Finished finished && finished.damaged();
  }

  boolean refused() {
    return refusal != null;
  }

  /** Why frames are missing that should not be: segment refused, or frames not encoded. */
  Optional<DeadLetter.Cause> failure() {
    return Optional.ofNullable(refusal == null ? encoderFailure : refusal);
  }

  /**
   * The decoder's counts, with frames nobody asks about gated, and dropped: frames beyond {@link
   * #MOST} for the limit, frames the encoder failed on, those of a segment that was given up in the
   * end, and all frames of a lagging one.
   */
  FrameCounts counts() {
    FrameCounts counted =
        switch (end) {
          case SampleEvent.Finished finished -> finished.counts();
          case SampleEvent.Refused refused -> refused.counts();
          case SampleEvent.Sampled _ -> throw new IllegalStateException("a frame is no end");
          case null -> FrameCounts.NONE;
        };
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    dropped.putAll(counted.dropped());
    drop(dropped, DropReason.LIMIT, beyond);
    drop(dropped, DropReason.ENCODER, unencoded);
    drop(dropped, DropReason.DECODER, givenUp);
    long gated = counted.gated() + lookedAt;
    if (lagging()) {
      drop(dropped, DropReason.LAGGING, gated);
      gated = 0;
    }
    long kept = encoded.size();
    long sum = dropped.values().stream().mapToLong(Long::longValue).sum();
    return new FrameCounts(kept + gated + sum, kept, gated, dropped);
  }

  private static void drop(Map<DropReason, Long> dropped, DropReason reason, long count) {
    if (count > 0) {
      dropped.merge(reason, count, Long::sum);
    }
  }

  /**
   * Where the segment lies: where it claims to, unless its frames do not last that long. Then, and
   * where it claims no length, as long as they do.
   */
  PtsRange range() {
    if (refusal != null || !(end instanceof SampleEvent.Finished finished)) {
      return claimed;
    }
    long decoded = finished.durationMicros();
    boolean believed =
        claimed.durationMicros() > 0
            && (finished.damaged() || claimed.durationMicros() - SLACK_MICROS <= decoded);
    return believed
        ? claimed
        : new PtsRange(claimed.startMicros(), claimed.startMicros() + decoded);
  }

  /** How much of the range was decoded: all of it, or as far as the last frame before a refusal. */
  long decodedMicros() {
    if (lagging()) {
      return 0;
    }
    if (refusal == null && end instanceof SampleEvent.Finished finished) {
      long whole = range().durationMicros();
      return finished.damaged() ? Math.min(finished.durationMicros(), whole) : whole;
    }
    return encoded.isEmpty() ? 0 : encoded.getLast().ptsMicros() - claimed.startMicros();
  }
}
