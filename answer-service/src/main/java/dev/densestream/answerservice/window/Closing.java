package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Progress;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.RecordPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a {@link WindowTracker} brought about; to be settled as a whole.
 *
 * @param windows in order of their ends
 * @param done segments no open or later window needs
 * @param progress to be written with the windows' records; null when it has not changed
 * @param counts what became of the frames of {@code done}: sampled where a window took them
 * @param arrival what the number of the segment given says
 */
public record Closing(
    List<ClosedWindow> windows,
    List<RecordPosition> done,
    @Nullable Progress progress,
    FrameCounts counts,
    SegmentNumbers.Arrival arrival) {
  static final Closing NOTHING =
      new Closing(List.of(), List.of(), null, FrameCounts.NONE, SegmentNumbers.Arrival.IN_ORDER);

  public Closing {
    windows = List.copyOf(windows);
    done = List.copyOf(done);
    requireNonNull(counts, "counts is null");
    requireNonNull(arrival, "arrival is null");
  }

  Closing with(SegmentNumbers.Arrival other) {
    return new Closing(windows, done, progress, counts, other);
  }

  /** With one more segment that is done. */
  Closing and(RecordPosition position, FrameCounts more) {
    List<RecordPosition> all = new ArrayList<>(done);
    all.add(position);
    return new Closing(windows, all, progress, counts.plus(more), arrival);
  }

  public boolean isEmpty() {
    return windows.isEmpty() && done.isEmpty() && progress == null;
  }
}
