package dev.densestream.answerservice.window;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A segment that an open window needs, which of its frames a window has taken so far, and how many
 * were let go of for want of room.
 */
final class HeldSegment {
  private final FrameCounts received;
  private final Set<VisualTokens> late;
  private final Set<VisualTokens> taken = Collections.newSetFromMap(new IdentityHashMap<>());
  private TakenSegment segment;
  private long bytes;
  private long goneTaken;
  private long goneLate;
  private long goneUntaken;

  /**
   * @param late frames whose windows were all terminal when they came
   */
  HeldSegment(TakenSegment segment, Set<VisualTokens> late) {
    this.received = segment.content().counts();
    this.late = late;
    this.segment = segment;
    this.bytes = bytes(segment);
  }

  TakenSegment segment() {
    return segment;
  }

  PtsRange range() {
    return segment.range();
  }

  List<VisualTokens> frames() {
    return segment.content().frames();
  }

  /** Of the visual tokens. */
  long bytes() {
    return bytes;
  }

  /** A window of this range is closed with the segment in it. */
  void take(PtsRange window) {
    frames().stream().filter(frame -> window.contains(frame.ptsMicros())).forEach(taken::add);
  }

  /** Lets go of those of its frames that are in {@code surplus}, altogether. */
  void letGo(Set<VisualTokens> surplus) {
    List<VisualTokens> gone = frames().stream().filter(surplus::contains).toList();
    for (VisualTokens frame : gone) {
      boolean wasLate = late.remove(frame);
      if (taken.remove(frame)) {
        goneTaken++;
      } else if (wasLate) {
        goneLate++;
      } else {
        goneUntaken++;
      }
    }
    segment = gone.isEmpty() ? segment : segment.without(surplus);
    bytes = bytes(segment);
  }

  /**
   * What became of its frames: sampled if a window took it, dropped for the limit if it was let go
   * of before, else late or between windows.
   */
  FrameCounts counts() {
    long lateForAll = goneLate + late.stream().filter(frame -> !taken.contains(frame)).count();
    long between = received.sampled() - taken.size() - goneTaken - goneUntaken - lateForAll;
    return received
        .without(lateForAll, DropReason.LATE)
        .without(goneUntaken, DropReason.LIMIT)
        .withGated(between);
  }

  private static long bytes(TakenSegment segment) {
    return segment.content().frames().stream().mapToLong(Thinning::bytes).sum();
  }
}
