package dev.densestream.answerservice.window;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window that needs its terminal record now.
 *
 * @param bounds the question's
 * @param answerFormat the question's
 */
public record ClosedWindow(
    Answer.Asked question,
    Bounds bounds,
    AnswerFormat answerFormat,
    PtsRange range,
    Ending ending,
    Content content) {
  public ClosedWindow {
    requireNonNull(question, "question is null");
    requireNonNull(bounds, "bounds is null");
    requireNonNull(answerFormat, "answerFormat is null");
    requireNonNull(range, "range is null");
    requireNonNull(ending, "ending is null");
    requireNonNull(content, "content is null");
  }

  /**
   * What its answer may cost.
   *
   * @param tokens generated; 0 where nobody is asked any more
   * @param visualTokens seen; {@link VisualBudget#UNBOUNDED} for no bound
   */
  public record Bounds(int tokens, int visualTokens) {
    static final Bounds OF_NOBODY = new Bounds(0, VisualBudget.UNBOUNDED);
  }

  /** Why it closed. */
  public enum Ending {
    /** Media time passed its end, or the stream ended: to be answered. */
    COMPLETE,
    /** Part of it was left out because the stream was behind. */
    LAGGING,
    /** A newer version of the question took over. */
    SUPERSEDED,
    /** The question was deleted. */
    WITHDRAWN
  }

  /**
   * What the window holds.
   *
   * @param frames within the window, in time order
   * @param counts of all segments that overlap it
   * @param coverage fraction of it that was received and decoded
   * @param gaps holes between its segments
   * @param capturedAt wall-clock estimate of its start; null when it holds nothing
   * @param positions of the segments that overlap it, in offset order
   */
  public record Content(
      List<VisualTokens> frames,
      FrameCounts counts,
      double coverage,
      int gaps,
      @Nullable Instant capturedAt,
      List<RecordPosition> positions) {
    public Content {
      requireNonNull(counts, "counts is null");
      frames = List.copyOf(frames);
      positions = List.copyOf(positions);
    }
  }
}
