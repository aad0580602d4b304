package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Progress;
import dev.densestream.ingest.RecordPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a {@link WindowTracker} brought about; to be settled as a whole.
 *
 * @param windows in order of their ends
 * @param done segments no open or later window needs
 * @param progress to be written with the windows' records; null when it has not changed
 * @param lateFrames frames that came after all their windows had closed
 */
public record Closing(
    List<ClosedWindow> windows,
    List<RecordPosition> done,
    @Nullable Progress progress,
    int lateFrames) {
  static final Closing NOTHING = new Closing(List.of(), List.of(), null, 0);

  public Closing {
    windows = List.copyOf(windows);
    done = List.copyOf(done);
    requireNonNull(windows, "windows is null");
  }

  public boolean isEmpty() {
    return windows.isEmpty() && done.isEmpty() && progress == null;
  }
}
