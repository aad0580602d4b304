package dev.densestream.ingest.source;

import dev.densestream.ingest.PtsRange;
import java.time.Instant;

/**
 * Where the pieces of a source lie on the stream's clock. Each pass over the source, a loop or
 * another try after a failure, goes on where the one before ended, or at the next multiple of what
 * the stream is aligned to; time never goes back.
 *
 * <p>Not thread-safe: one session owns it.
 */
final class StreamClock {
  /** Two ends that are the same but for the rounding of time bases. */
  private static final long ROUNDING_MICROS = 1_000;

  private final long alignMicros;
  private final long sessionStartMicros;
  private final long aheadMicros;
  private final long monotonicStartMicros;
  private long passStartMicros;
  private long endMicros;

  /**
   * Starts now, or where the stream's media end, should that be later.
   *
   * @param lastEndMicros of the sessions before
   * @param alignMillis 0 for none
   */
  StreamClock(CaptureTime time, long lastEndMicros, int alignMillis) {
    long now = time.wallMicros();
    this.alignMicros = alignMillis * 1000L;
    this.sessionStartMicros = Math.max(now, lastEndMicros);
    this.aheadMicros = sessionStartMicros - now;
    this.monotonicStartMicros = time.monotonicMicros().getAsLong();
    this.passStartMicros = sessionStartMicros;
    this.endMicros = sessionStartMicros;
  }

  /** Names the session: sessions of one stream follow one another, so they start at other times. */
  String run() {
    return Long.toString(sessionStartMicros);
  }

  /**
   * The source is read once more, straight after what was read before.
   *
   * @param fromMicros where within the source its pieces are taken from
   */
  void startPass(long fromMicros) {
    passStartMicros = aligned(endMicros - fromMicros);
  }

  /** The next multiple. */
  private long aligned(long micros) {
    return alignMicros == 0
        ? micros
        : Math.ceilDiv(micros - ROUNDING_MICROS, alignMicros) * alignMicros;
  }

  /** What an outage lasted is a gap on the clock. */
  void skipOutage(CaptureTime time) {
    endMicros = Math.max(endMicros, sessionStartMicros + sinceStart(time));
  }

  PtsRange place(PtsRange withinSource) {
    PtsRange placed =
        new PtsRange(
            passStartMicros + withinSource.startMicros(),
            passStartMicros + withinSource.endMicros());
    endMicros = Math.max(endMicros, placed.endMicros());
    return placed;
  }

  /** How long until a camera recording at this clock would have finished the range; may be past. */
  long microsUntilEnd(PtsRange placed, CaptureTime time) {
    return placed.endMicros() - sessionStartMicros - sinceStart(time);
  }

  /** When a camera recording at this clock would have begun with the range. */
  Instant capturedAt(PtsRange placed) {
    return CaptureTime.toInstant(placed.startMicros() - aheadMicros);
  }

  private long sinceStart(CaptureTime time) {
    return time.monotonicMicros().getAsLong() - monotonicStartMicros;
  }
}
