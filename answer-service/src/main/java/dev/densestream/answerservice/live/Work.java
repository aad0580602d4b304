package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.Closing;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to become visible together: once its windows are answered it is one settlement.
 *
 * @param stream null for a record that names none
 * @param counts what became of the frames of {@code done}; so once it is settled, not before
 * @param basis the position all of it rests on
 */
record Work(
    @Nullable StreamId stream,
    List<ClosedWindow> windows,
    List<DeadLetter> letters,
    @Nullable Progress progress,
    List<RecordPosition> done,
    FrameCounts counts,
    RecordPosition basis) {
  Work {
    windows = List.copyOf(windows);
    letters = List.copyOf(letters);
    done = List.copyOf(done);
    requireNonNull(counts, "counts is null");
    requireNonNull(basis, "basis is null");
  }

  static Work of(StreamId stream, Closing closing, List<DeadLetter> letters, RecordPosition basis) {
    return new Work(
        stream,
        closing.windows(),
        letters,
        closing.progress(),
        closing.done(),
        closing.counts(),
        basis);
  }

  /** A record that is done with at once. */
  static Work done(RecordPosition position, List<DeadLetter> letters) {
    return new Work(null, List.of(), letters, null, List.of(position), FrameCounts.NONE, position);
  }

  boolean isEmpty() {
    return windows.isEmpty() && letters.isEmpty() && progress == null && done.isEmpty();
  }
}
