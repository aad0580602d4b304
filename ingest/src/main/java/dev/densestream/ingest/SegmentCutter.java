package dev.densestream.ingest;

import reactor.core.publisher.Flux;

/**
 * Cuts encoded video into pieces that decode alone, without transcoding. Capture needs it; the
 * module that owns the decoder implements it, in its own limited processes.
 */
public interface SegmentCutter {
  /** A record holds 16 MiB: most bytes of a piece, with room for the record's headers. */
  int MOST_PIECE_BYTES = (16 << 20) - (8 << 10);

  /**
   * The pieces of {@code media} in order, at most as fast as demanded. Ends with a {@link
   * MediaRefusedException} when the media cannot be cut.
   *
   * @param targetMicros wanted length; a piece ends at the first keyframe at or after it
   */
  Flux<Piece> cut(Media media, long targetMicros);

  /**
   * One piece, of at most {@link #MOST_PIECE_BYTES}.
   *
   * @param range media time within the source, from its first frame at 0
   * @param keyframeAligned false where the source has no usable keyframe interval and was split as
   *     its format allows
   */
  record Piece(PtsRange range, String contentType, Media.Bytes media, boolean keyframeAligned) {}
}
