package dev.densestream.ingest;

/**
 * How a {@link Settlement} ended. A broken transaction is neither: it ends the consumer's flux with
 * an error.
 */
public sealed interface SettlementOutcome {
  /** All records and offsets are visible to {@code read_committed} readers. */
  record Committed() implements SettlementOutcome {}

  /**
   * The work belonged to a partition that has been revoked since; nothing was written, its new
   * owner does it again.
   */
  record Stale(RecordPosition position) implements SettlementOutcome {}
}
