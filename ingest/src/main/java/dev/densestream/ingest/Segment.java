package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A piece of one stream that starts on a keyframe and decodes alone.
 *
 * <p>Any producer may write segments: a record with nothing but a key (the stream id) and a media
 * value is one. What such a record does not say is filled in where it is read: the sequence is the
 * record's offset, the content type {@code application/octet-stream}, {@code capturedAt} the
 * record's timestamp, and the range starts at that timestamp (epoch microseconds) with length zero.
 * A range of length zero means: ask the container how long the piece is.
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
