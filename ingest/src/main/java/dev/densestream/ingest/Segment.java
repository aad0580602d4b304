package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A piece of one stream that starts on a keyframe and decodes alone.
 *
 * @param stream whose piece it is
 * @param sequence position within the stream, from 0, one more per segment; a gap means a lost
 *     segment
 * @param range media time the segment covers. A frame's place on the stream's clock is {@code
 *     range.startMicros()} plus its distance from the segment's first frame
 * @param capturedAt wall-clock estimate of {@code range.startMicros()}
 * @param contentType media type of the container, such as {@code video/mp4} or {@code video/mp2t};
 *     a hint, not trusted
 * @param media the encoded bytes, or where they are
 */
public record Segment(
    StreamId stream,
    long sequence,
    PtsRange range,
    Instant capturedAt,
    String contentType,
    Media media) {
  public Segment {
    requireNonNull(stream, "stream is null");
    requireNonNull(range, "range is null");
    requireNonNull(capturedAt, "capturedAt is null");
    requireNonNull(contentType, "contentType is null");
    requireNonNull(media, "media is null");
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence must be >= 0: was " + sequence);
    }
  }
}
