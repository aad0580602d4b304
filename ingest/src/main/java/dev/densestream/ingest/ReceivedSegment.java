package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** One record of the segments topic as it was received: intact or not, it must be settled. */
public sealed interface ReceivedSegment {
  RecordPosition position();

  /** A well-formed segment. */
  record Intact(Segment segment, RecordPosition position) implements ReceivedSegment {
    public Intact {
      requireNonNull(segment, "segment is null");
      requireNonNull(position, "position is null");
    }
  }

  /**
   * A record no segment can be made of; goes to the dead letters.
   *
   * @param key the record's key as text, cut to 64 characters and cleaned; null when there was none
   * @param code stable error code, such as {@code missing_key}
   * @param detail one sentence for a person
   * @param sha256 of the value, lower-case hex
   */
  record Poison(
      RecordPosition position,
      @Nullable String key,
      String code,
      String detail,
      long sizeBytes,
      String sha256)
      implements ReceivedSegment {
    public Poison {
      requireNonNull(position, "position is null");
      requireNonNull(code, "code is null");
      requireNonNull(detail, "detail is null");
      requireNonNull(sha256, "sha256 is null");
    }
  }
}
