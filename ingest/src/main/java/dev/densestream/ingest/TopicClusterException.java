package dev.densestream.ingest;

/**
 * Kafka cannot be used as asked: it does not answer, a transaction broke, this member was fenced,
 * or a setting is wrong. The message is one sentence for a person; the client's own words are in
 * the cause.
 */
public final class TopicClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopicClusterException(String message) {
    super(message);
  }

  public TopicClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
