package dev.densestream.ingest;

/**
 * One clip job, held under a share-group lock (KIP-932) until exactly one of {@link #accept},
 * {@link #release} or {@link #reject} is called. The lock is renewed while the lease is held.
 */
public interface ClipLease {
  StoredRecord record();

  /** 1 on first delivery; grows with each release or expired lock. */
  int deliveryCount();

  /** Done: never delivered again. */
  void accept();

  /** Back to the queue, for this or another worker. */
  void release();

  /** Cannot be processed: never delivered again. */
  void reject();
}
