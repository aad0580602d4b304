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

  private final Use use;
  private final List<VisualTokens> encoded = new ArrayList<>();
  private int lookedAt;
  private int beyond;
  private int unencoded;
  private @Nullable SampleEvent end;
  private DeadLetter.@Nullable Cause encoderFailure;

  SegmentFrames(Use use) {
    this.use = use;
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
      case Ended(SampleEvent event) -> end = event;
    }
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
    return end instanceof SampleEvent.Refused;
  }

  /** Why frames are missing that should not be: refused by the decoder, or not encoded. */
  Optional<DeadLetter.Cause> failure() {
    return end instanceof SampleEvent.Refused refused
        ? Optional.of(DeadLetter.Cause.of(refused.refusal()))
        : Optional.ofNullable(encoderFailure);
  }

  /**
   * The decoder's counts, with frames nobody asks about gated, and dropped: frames beyond {@link
   * #MOST} for the limit, frames the encoder failed on, and all frames of a lagging segment.
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

  /** The range the segment claims, or from its start as long as it turned out to be. */
  PtsRange range(PtsRange claimed) {
    if (claimed.durationMicros() > 0 || !(end instanceof SampleEvent.Finished finished)) {
      return claimed;
    }
    return new PtsRange(claimed.startMicros(), claimed.startMicros() + finished.durationMicros());
  }

  /** How much of the range was decoded: all of it, or as far as the last frame before a refusal. */
  long decodedMicros(PtsRange range) {
    if (lagging()) {
      return 0;
    }
    if (end instanceof SampleEvent.Finished finished) {
      return finished.damaged()
          ? Math.min(finished.durationMicros(), range.durationMicros())
          : range.durationMicros();
    }
    return encoded.isEmpty() ? 0 : encoded.getLast().ptsMicros() - range.startMicros();
  }
}
