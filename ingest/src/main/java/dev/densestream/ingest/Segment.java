package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of one stream that starts on a keyframe and decodes alone.
 *
 * <p>Any producer may write segments: a record with nothing but a key (the stream id) and a media
 * value is one. What such a record does not say is filled in where it is read: the sequence is the
 * record's offset, the content type {@code application/octet-stream}, {@code capturedAt} the
 * record's timestamp, and the range starts at that timestamp (epoch microseconds) with length zero
 * and is floating. A range of length zero means: ask the container how long the piece is.
 *
 * @param stream whose piece it is
 * @param run names the run of the producer that numbered it, at most 64 of {@code A-Z a-z 0-9 . _
 *     -}; a producer that starts anew is another run. Null when the producer did not say
 * @param sequence position within the run, from 0, one more per segment. A gap within one run means
 *     a lost segment; between runs, or without one, it means nothing
 * @param range media time the segment covers. A frame's place on the stream's clock is {@code
 *     range.startMicros()} plus its distance from the segment's first frame
 * @param floating whether nobody said where on the stream's clock the segment lies: it begins where
 *     its range does, or, where the stream's media before it reach further, right behind them
 * @param capturedAt wall-clock estimate of {@code range.startMicros()}
 * @param contentType media type of the container, such as {@code video/mp4} or {@code video/mp2t};
 *     a hint, not trusted
 * @param media the encoded bytes, or where they are
 */
public record Segment(
    StreamId stream,
    @Nullable String run,
    long sequence,
    PtsRange range,
    boolean floating,
    Instant capturedAt,
    String contentType,
    Media media) {
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public Segment {
    requireNonNull(stream, "stream is null");
    requireNonNull(range, "range is null");
    requireNonNull(capturedAt, "capturedAt is null");
    requireNonNull(contentType, "contentType is null");
    requireNonNull(media, "media is null");
    if (run != null && !RUN.matcher(run).matches()) {
      throw new IllegalArgumentException("run must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence must be >= 0: was " + sequence);
    }
  }
}
