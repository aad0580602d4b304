package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stream is, as it stands on the streams topic under the stream's id. One JSON object; its
 * schema only ever grows.
 *
 * @param source where capture reads: an {@code http(s)} URL, a {@code file} URI or an absolute
 *     path. Null when somebody else writes the stream's segments
 * @param loop whether a source that ended is read again, the clock going on
 * @param segmentMillis wanted length of a segment
 * @param alignMillis each time the source is read it begins at a multiple of this on the stream's
 *     clock, so that what is known of the source's times is known of windows; 0: at any time
 * @param sampling which frames go on, such as {@code fps:1}; opaque to this module
 */
public record StreamDefinition(
    StreamId id,
    @Nullable String source,
    boolean loop,
    Pace pace,
    int segmentMillis,
    int alignMillis,
    String sampling,
    Overload overload) {
  /** The largest definition accepted, in bytes of JSON. */
  public static final int MAX_JSON_BYTES = 16 * 1024;

  private static final int MAX_SOURCE_CHARACTERS = 2048;
  private static final int MAX_SAMPLING_CHARACTERS = 100;

  public StreamDefinition {
    requireNonNull(id, "id is null");
    requireNonNull(pace, "pace is null");
    requireNonNull(sampling, "sampling is null");
    requireNonNull(overload, "overload is null");
    if (source != null) {
      requireText("source", source, MAX_SOURCE_CHARACTERS);
    }
    requireText("sampling", sampling, MAX_SAMPLING_CHARACTERS);
    if (segmentMillis < 100 || segmentMillis > 60_000) {
      throw new IllegalArgumentException(
          "segmentMillis must be 100 to 60000: was " + segmentMillis);
    }
    if (alignMillis < 0 || alignMillis > 600_000) {
      throw new IllegalArgumentException("alignMillis must be 0 to 600000: was " + alignMillis);
    }
  }

  /** A stream whose source begins at any time. */
  public StreamDefinition(
      StreamId id,
      @Nullable String source,
      boolean loop,
      Pace pace,
      int segmentMillis,
      String sampling,
      Overload overload) {
    this(id, source, loop, pace, segmentMillis, 0, sampling, overload);
  }

  /** A stream whose segments come from outside, with the defaults of an absent field. */
  public static StreamDefinition fedFromOutside(StreamId id) {
    return new StreamDefinition(
        id, null, false, Pace.MEDIA_SPEED, 2_000, "fps:1", Overload.LOSSLESS);
  }

  /**
   * Reads a definition; only {@code id} is required.
   *
   * @throws IllegalArgumentException when it is too large, not JSON, or a field is unknown, of the
   *     wrong type or out of range; the message names the field
   */
  public static StreamDefinition parse(byte[] json) {
    return StreamDefinitionJson.parse(json);
  }

  /**
   * Reads a record of the streams topic.
   *
   * @throws IllegalArgumentException as {@link #parse} does, and when the key is not the id
   */
  public static StreamDefinition ofRecord(String key, byte[] value) {
    StreamDefinition definition = parse(value);
    if (!definition.id.value().equals(key)) {
      throw new IllegalArgumentException("the record's key must be its id: " + definition.id);
    }
    return definition;
  }

  /** The JSON that {@link #parse} reads back to an equal definition. */
  public byte[] toJson() {
    return StreamDefinitionJson.write(this);
  }

  public Optional<String> sourceUri() {
    return Optional.ofNullable(source);
  }

  private static void requireText(String field, String text, int maxCharacters) {
    if (text.isBlank() || text.length() > maxCharacters) {
      throw new IllegalArgumentException(
          field + " must be 1 to " + maxCharacters + " characters: was " + text.length());
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(field + " must not contain control characters");
    }
  }

  /** How fast capture reads the source. */
  public enum Pace {
    /** One second of media per second of wall clock, as a camera would. */
    MEDIA_SPEED,
    /** As fast as the segments are taken. */
    AS_DEMANDED;

    /** Such as {@code media_speed}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happens when answers cannot keep up. */
  public enum Overload {
    /** Lag grows and is caught up later; nothing is left out. */
    LOSSLESS,
    /** Whole windows are skipped, each with its terminal record. */
    LATEST;

    /** Such as {@code lossless}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
