package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record as it stands on a topic. {@code value} null is a tombstone. */
@SuppressWarnings("ArrayRecordComponent") // compared by position, never by content
public record StoredRecord(
    RecordPosition position,
    String key,
    byte @Nullable [] value,
    Map<String, String> headers,
    Instant timestamp) {
  public StoredRecord {
    requireNonNull(position, "position is null");
    requireNonNull(key, "key is null");
    requireNonNull(timestamp, "timestamp is null");
    headers = Map.copyOf(headers);
  }
}
