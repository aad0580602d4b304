package dev.densestream.answerservice.live;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaRefusal;
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

  private final List<VisualTokens> encoded = new ArrayList<>();
  private int unasked;
  private int beyond;
  private @Nullable SampleEvent end;

  /** One step of a segment's way. */
  sealed interface Step {}

  /** A frame came out of the encoder. */
  record Encoded(VisualTokens tokens) implements Step {}

  /** A frame nobody asks about; it was only looked at. */
  record Unasked() implements Step {}

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
      case Unasked() -> unasked++;
      case Ended(SampleEvent event) -> end = event;
    }
  }

  List<VisualTokens> encoded() {
    return encoded;
  }

  boolean damaged() {
    return end instanceof SampleEvent.Finished finished && finished.damaged();
  }

  Optional<MediaRefusal> refusal() {
    return end instanceof SampleEvent.Refused refused
        ? Optional.of(refused.refusal())
        : Optional.empty();
  }

  /**
   * The decoder's counts, with frames nobody asks about gated and frames beyond {@link #MOST}
   * dropped for the limit.
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
    if (beyond > 0) {
      dropped.merge(DropReason.LIMIT, (long) beyond, Long::sum);
    }
    long kept = encoded.size();
    long gated = counted.gated() + unasked;
    long sum = dropped.values().stream().mapToLong(Long::longValue).sum();
    return new FrameCounts(kept + gated + sum, kept, gated, dropped);
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
    if (end instanceof SampleEvent.Finished finished) {
      return finished.damaged()
          ? Math.min(finished.durationMicros(), range.durationMicros())
          : range.durationMicros();
    }
    return encoded.isEmpty() ? 0 : encoded.getLast().ptsMicros() - range.startMicros();
  }
}
