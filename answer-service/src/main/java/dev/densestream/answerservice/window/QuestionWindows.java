package dev.densestream.answerservice.window;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.ingest.PtsRange;

/** The windows of one question version on one stream: which one is next to become terminal. */
final class QuestionWindows {
  private final String id;
  private final long version;
  private final String text;
  private final WindowShape shape;
  private final ClosedWindow.Bounds bounds;
  private final AnswerFormat answerFormat;
  private long nextStart;

  private QuestionWindows(Question question, long nextStart) {
    this.id = question.id();
    this.version = question.version();
    this.text = question.text();
    this.shape = question.window();
    this.bounds = new ClosedWindow.Bounds(question.maxTokens(), question.maxVisualTokens());
    this.answerFormat = question.answerFormat();
    this.nextStart = nextStart;
  }

  private QuestionWindows(Progress.Mark mark) {
    this.id = mark.question();
    this.version = mark.version();
    this.text = mark.text();
    this.shape = mark.window();
    this.bounds = ClosedWindow.Bounds.OF_NOBODY;
    this.answerFormat = AnswerFormat.text();
    this.nextStart = mark.nextStartMicros();
  }

  /**
   * A question new to a stream: its first window is the one the segment starts in.
   *
   * @param notBefore windows that start earlier are terminal already, from when the question was
   *     put on the stream before
   */
  static QuestionWindows from(Question question, long segmentStart, long notBefore) {
    long hop = question.window().hopMicros();
    long start = Math.floorDiv(segmentStart, hop) * hop;
    boolean between = start + question.window().lengthMicros() <= segmentStart;
    return new QuestionWindows(question, Math.max(between ? start + hop : start, notBefore));
  }

  /** A question that goes on where its mark stands. */
  static QuestionWindows resumed(Question question, Progress.Mark mark) {
    return new QuestionWindows(question, mark.nextStartMicros());
  }

  /** A question version that is gone; only its open windows are left to be ended. */
  static QuestionWindows gone(Progress.Mark mark) {
    return new QuestionWindows(mark);
  }

  String id() {
    return id;
  }

  long version() {
    return version;
  }

  ClosedWindow.Bounds bounds() {
    return bounds;
  }

  AnswerFormat answerFormat() {
    return answerFormat;
  }

  Answer.Asked asked() {
    return new Answer.Asked(id, version, text);
  }

  Progress.Mark mark() {
    return new Progress.Mark(id, version, text, shape, nextStart);
  }

  /** What must be remembered once the question is gone, should this version of it come back. */
  Progress.Ended ended() {
    return new Progress.Ended(id, version, nextStart);
  }

  PtsRange next() {
    return new PtsRange(nextStart, nextStart + shape.lengthMicros());
  }

  /** No frame before this lies in an open window; where windows are apart, the last one's end. */
  long terminalUntil() {
    return nextStart + Math.min(0, shape.lengthMicros() - shape.hopMicros());
  }

  void advance() {
    nextStart += shape.hopMicros();
  }

  /** Passes over windows that end at or before {@code micros}: no media touches them. */
  void passTo(long micros) {
    long hop = shape.hopMicros();
    long first = (Math.floorDiv(micros - shape.lengthMicros(), hop) + 1) * hop;
    nextStart = Math.max(nextStart + hop, first);
  }

  /** Whether a window that is not terminal yet overlaps the range. */
  boolean needs(PtsRange range) {
    long hop = shape.hopMicros();
    long firstEndingAfter =
        (Math.floorDiv(range.startMicros() - shape.lengthMicros(), hop) + 1) * hop;
    return Math.max(nextStart, firstEndingAfter) < range.endMicros();
  }

  /** Whether {@code pts} lies in any window, terminal or not. */
  boolean covers(long pts) {
    return Math.floorMod(pts, shape.hopMicros()) < shape.lengthMicros();
  }

  /** Whether {@code pts} lies in a window that is not terminal yet. */
  boolean takes(long pts) {
    return needs(new PtsRange(pts, pts + 1));
  }
}
