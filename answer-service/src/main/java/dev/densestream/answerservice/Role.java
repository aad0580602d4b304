package dev.densestream.answerservice;

/** What a process of the application does; by default everything. */
public enum Role {
  /** Captures the streams that have a source. Run one such process only. */
  INGEST,
  /** Answers: live windows and recorded clips. */
  ANSWER
}
