package dev.densestream.answerservice.live;

import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.window.TakenSegment;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record of the segments topic after decoding and encoding.
 *
 * @param segment empty for a record no segment could be made of, or whose segment was given up
 */
record TakenRecord(RecordPosition position, Optional<Taken> segment, List<DeadLetter> letters) {
  static final DeadLetter.Cause BROKEN =
      DeadLetter.Cause.of(
          "segment_broken",
          "The service could not work on the segment; the service's log says why.");

  TakenRecord {
    letters = List.copyOf(letters);
  }

  /**
   * What was taken of which stream.
   *
   * @param failure code of what went wrong with it; null when nothing did
   * @param letter makes a dead letter of it, should anything else go wrong
   */
  record Taken(
      StreamId stream,
      TakenSegment segment,
      @Nullable String failure,
      Function<DeadLetter.Cause, DeadLetter> letter) {}
}
