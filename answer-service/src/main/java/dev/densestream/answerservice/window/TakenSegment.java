package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A segment that has been through decoding and encoding, or was left out on the way.
 *
 * @param run of the producer that numbered it; null when it did not say
 * @param sequence its number within the run
 * @param floating whether its range starts at {@code range.startMicros()} at the earliest, but
 *     behind the media before it; see {@link dev.densestream.ingest.Segment}
 * @param capturedAt wall-clock estimate of {@code range.startMicros()}
 */
public record TakenSegment(
    RecordPosition position,
    @Nullable String run,
    long sequence,
    boolean floating,
    Instant capturedAt,
    PtsRange range,
    Content content) {
  public TakenSegment {
    requireNonNull(position, "position is null");
    requireNonNull(capturedAt, "capturedAt is null");
    requireNonNull(range, "range is null");
    requireNonNull(content, "content is null");
  }

  /**
   * What came out of it.
   *
   * @param decodedMicros how much of the range was decoded, from its start
   * @param frames encoded, PTS on the stream's clock, in order
   * @param lagging left out because its {@code latest} stream was behind
   */
  public record Content(
      long decodedMicros, List<VisualTokens> frames, FrameCounts counts, boolean lagging) {
    public Content {
      requireNonNull(counts, "counts is null");
      frames = List.copyOf(frames);
      if (counts.sampled() != frames.size()) {
        throw new IllegalArgumentException(
            "counts.sampled must be the frames given, " + frames.size() + ": was " + counts);
      }
    }

    private Content movedBy(long micros) {
      List<VisualTokens> moved =
          frames.stream()
              .map(
                  f ->
                      new VisualTokens(
                          f.ptsMicros() + micros, f.tokens(), f.channels(), f.values()))
              .toList();
      return new Content(decodedMicros, moved, counts, lagging);
    }
  }

  /** The same media without some of the frames, which are dropped for the limit. */
  TakenSegment without(Set<VisualTokens> surplus) {
    List<VisualTokens> kept =
        content.frames.stream().filter(frame -> !surplus.contains(frame)).toList();
    FrameCounts counts =
        content.counts.without(content.frames.size() - kept.size(), DropReason.LIMIT);
    return new TakenSegment(
        position,
        run,
        sequence,
        floating,
        capturedAt,
        range,
        new Content(content.decodedMicros, kept, counts, content.lagging));
  }

  /** The same media elsewhere on the stream's clock. */
  TakenSegment startingAt(long micros) {
    long by = micros - range.startMicros();
    return by == 0
        ? this
        : new TakenSegment(
            position,
            run,
            sequence,
            floating,
            capturedAt.plus(by, ChronoUnit.MICROS),
            new PtsRange(micros, range.endMicros() + by),
            content.movedBy(by));
  }

  /** The part of the range that was decoded. */
  PtsRange covered() {
    long micros = Math.min(content.decodedMicros, range.durationMicros());
    return new PtsRange(range.startMicros(), range.startMicros() + Math.max(0, micros));
  }
}
