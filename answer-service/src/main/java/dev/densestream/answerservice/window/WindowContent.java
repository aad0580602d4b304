package dev.densestream.answerservice.window;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads off what a window holds from the segments that overlap it. */
final class WindowContent {
  /** Ends and starts of neighbouring segments differ by the rounding of time bases. */
  private static final long HOLE_MICROS = 50_000;

  private WindowContent() {}

  /** {@code segments} overlap the window and are in order of their starts. */
  static ClosedWindow.Content of(PtsRange window, List<TakenSegment> segments) {
    List<VisualTokens> frames =
        segments.stream()
            .flatMap(segment -> segment.content().frames().stream())
            .filter(frame -> window.contains(frame.ptsMicros()))
            .sorted(Comparator.comparingLong(VisualTokens::ptsMicros))
            .toList();
    FrameCounts counts =
        segments.stream()
            .map(segment -> segment.content().counts())
            .reduce(FrameCounts.NONE, FrameCounts::plus);
    List<RecordPosition> positions =
        segments.stream()
            .map(TakenSegment::position)
            .sorted(Comparator.comparingLong(RecordPosition::offset))
            .toList();
    return new ClosedWindow.Content(
        frames,
        counts,
        coverage(window, segments),
        gaps(segments),
        capturedAt(window, segments).orElse(null),
        positions);
  }

  private static double coverage(PtsRange window, List<TakenSegment> segments) {
    long covered = 0;
    long reached = window.startMicros();
    for (TakenSegment segment : segments) {
      long start = segment.covered().startMicros();
      long end = Math.min(segment.covered().endMicros(), window.endMicros());
      if (end > reached) {
        covered += end - (start - reached <= HOLE_MICROS ? reached : start);
        reached = end;
      }
    }
    long missing = window.endMicros() - reached;
    return missing <= HOLE_MICROS && covered + missing == window.durationMicros()
        ? 1
        : Math.clamp((double) covered / window.durationMicros(), 0, 1);
  }

  private static int gaps(List<TakenSegment> segments) {
    int gaps = 0;
    for (int i = 1; i < segments.size(); i++) {
      long end = segments.get(i - 1).range().endMicros();
      if (segments.get(i).range().startMicros() - end > HOLE_MICROS) {
        gaps++;
      }
    }
    return gaps;
  }

  private static Optional<Instant> capturedAt(PtsRange window, List<TakenSegment> segments) {
    return segments.stream()
        .findFirst()
        .map(
            first ->
                first
                    .capturedAt()
                    .plusNanos(1000 * (window.startMicros() - first.range().startMicros())));
  }
}
