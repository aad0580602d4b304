package dev.densestream.answerservice.window;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A segment that an open window needs, and which of its frames a window has taken so far. */
final class HeldSegment {
  private final TakenSegment segment;
  private final Set<VisualTokens> late;
  private final Set<VisualTokens> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param late frames whose windows were all terminal when they came
   */
  HeldSegment(TakenSegment segment, Set<VisualTokens> late) {
    this.segment = segment;
    this.late = late;
  }

  TakenSegment segment() {
    return segment;
  }

  PtsRange range() {
    return segment.range();
  }

  /** A window of this range is closed with the segment in it. */
  void take(PtsRange window) {
    segment.content().frames().stream()
        .filter(frame -> window.contains(frame.ptsMicros()))
        .forEach(taken::add);
  }

  /** What became of its frames: sampled if a window took it, else late or between windows. */
  FrameCounts counts() {
    long lateForAll = late.stream().filter(frame -> !taken.contains(frame)).count();
    FrameCounts counts = segment.content().counts();
    long between = counts.sampled() - taken.size() - lateForAll;
    return counts.without(lateForAll, DropReason.LATE).withGated(between);
  }
}
