package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written.
 *
 * @param value the bytes; null is a tombstone on a compacted topic. Handed over: nobody writes to
 *     it afterwards
 * @param headers names and values, both text (CloudEvents {@code ce_*}, {@code content-type},
 *     {@code traceparent})
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
public record TopicRecord(
    String topic, String key, byte @Nullable [] value, Map<String, String> headers) {
  public TopicRecord {
    requireNonNull(topic, "topic is null");
    requireNonNull(key, "key is null");
    headers = Map.copyOf(headers);
  }

  /** Deletes the key of a compacted topic. */
  public static TopicRecord tombstone(String topic, String key) {
    return new TopicRecord(topic, key, null, Map.of());
  }
}
