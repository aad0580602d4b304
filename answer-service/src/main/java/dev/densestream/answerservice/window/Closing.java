package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Progress;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.RecordPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a {@link WindowTracker} brought about; to be settled as a whole.
 *
 * @param windows in order of their ends
 * @param done segments no open or later window needs
 * @param progress to be written with the windows' records; null when it has not changed
 * @param receipt what the segment given was; {@link Receipt#NONE} where none was
 */
public record Closing(
    List<ClosedWindow> windows,
    List<RecordPosition> done,
    @Nullable Progress progress,
    Receipt receipt) {
  static final Closing NOTHING = new Closing(List.of(), List.of(), null, Receipt.NONE);

  /**
   * A segment as the stream's ledger has it.
   *
   * @param counts what became of its frames: sampled where a window that was open took them
   * @param missing numbers of its run passed over before it: segments that are lost, or late
   * @param later it had been counted as missing before
   * @param duplicate it had come before
   */
  public record Receipt(FrameCounts counts, long missing, boolean later, boolean duplicate) {
    static final Receipt NONE = new Receipt(FrameCounts.NONE, 0, false, false);

    public Receipt {
      requireNonNull(counts, "counts is null");
    }
  }

  public Closing {
    windows = List.copyOf(windows);
    done = List.copyOf(done);
    requireNonNull(receipt, "receipt is null");
  }

  public boolean isEmpty() {
    return windows.isEmpty() && done.isEmpty() && progress == null;
  }
}
