package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Instant;
import java.util.List;

/**
 * A segment that has been through decoding and encoding, or was left out on the way.
 *
 * @param sequence its place in the stream; two segments with the same one are duplicates
 * @param capturedAt wall-clock estimate of {@code range.startMicros()}
 */
public record TakenSegment(
    RecordPosition position, long sequence, Instant capturedAt, PtsRange range, Content content) {
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

    public static final Content LAGGING = new Content(0, List.of(), FrameCounts.NONE, true);
  }

  /** The part of the range that was decoded. */
  PtsRange covered() {
    long micros = Math.min(content.decodedMicros, range.durationMicros());
    return new PtsRange(range.startMicros(), range.startMicros() + Math.max(0, micros));
  }
}
