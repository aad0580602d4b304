package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * Names one stream: the key of its records on Kafka, hence the unit of order. At most 64 of {@code
 * A-Z a-z 0-9 . _ -}.
 */
public record StreamId(String value) implements Comparable<StreamId> {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public StreamId {
    requireNonNull(value, "value is null");
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "stream id must be 1 to 64 of A-Z a-z 0-9 . _ -: was "
              + value
                  .codePoints()
                  .limit(80)
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append));
    }
  }

  @Override
  public int compareTo(StreamId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
