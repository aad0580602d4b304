package dev.densestream.ingest.topic;

import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A segment as a record: key the stream id, value the media, and around it a CloudEvent in binary
 * mode. Strict in writing; in reading a key and a value suffice, but what a header says must make
 * sense and must not contradict the key.
 */
final class SegmentCodec {
  static final String TYPE = "dev.densestream.segment.v1";
  static final String UNKNOWN_CONTENT = "application/octet-stream";

  private static final String CONTENT_TYPE = "content-type";
  private static final Pattern MEDIA_TYPE = Pattern.compile("[\\x20-\\x7e]{1,128}");
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int SHOWN = 64;

  /** The end of the year 9999, and no PTS beyond some 36,000 years: no sum of them overflows. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final long MOST_MICROS = 1L << 60;

  private SegmentCodec() {}

  /**
   * @throws IllegalArgumentException when the media is a file: it has no place in a record
   */
  static TopicRecord encode(String topic, Segment segment) {
    if (!(segment.media() instanceof Media.Bytes bytes)) {
      throw new IllegalArgumentException("a segment on a topic must carry its bytes");
    }
    var stream = segment.stream().value();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id(segment));
    headers.put("ce_source", "/streams/" + stream);
    headers.put("ce_type", TYPE);
    headers.put("ce_subject", stream);
    headers.put("ce_time", segment.capturedAt().toString());
    if (segment.run() != null) {
      headers.put("ce_run", segment.run());
    }
    headers.put("ce_sequence", Long.toString(segment.sequence()));
    if (!segment.floating()) {
      headers.put("ce_ptsstart", Long.toString(segment.range().startMicros()));
      headers.put("ce_ptsend", Long.toString(segment.range().endMicros()));
    }
    headers.put(CONTENT_TYPE, segment.contentType());
    return new TopicRecord(topic, stream, bytes.content(), headers);
  }

  /** Unique within the source, whatever run of the producer it comes from. */
  private static String id(Segment segment) {
    String run = segment.run() == null ? "" : segment.run() + "-";
    return segment.stream() + "-" + run + segment.sequence();
  }

  /** Never throws for anything a producer can write. */
  static ReceivedSegment decode(ConsumerRecord<byte[], byte[]> record, RecordPosition position) {
    String key = null;
    try {
      key = text("key", "missing_key", record.key());
      return new ReceivedSegment.Intact(segment(record, key), position);
    } catch (Malformed malformed) {
      return poison(record, position, key, malformed);
    }
  }

  private static Segment segment(ConsumerRecord<byte[], byte[]> record, String key)
      throws Malformed {
    var stream = stream(key);
    byte @Nullable [] value = record.value();
    if (value == null || value.length == 0) {
      throw new Malformed("empty_value", "The record has no media: its value is empty.");
    }
    var headers = record.headers();
    expect(headers, "ce_specversion", "1.0");
    expect(headers, "ce_type", TYPE);
    expect(headers, "ce_subject", key);
    expect(headers, "ce_source", "/streams/" + key);
    var capturedAt = capturedAt(headers, record.timestamp());
    var sequence = number(headers, "ce_sequence");
    if (sequence != null && sequence < 0) {
      throw invalid("ce_sequence", "must be 0 or more");
    }
    var range = range(headers);
    return new Segment(
        stream,
        run(headers),
        sequence == null ? record.offset() : sequence,
        range == null ? at(capturedAt) : range,
        range == null,
        capturedAt,
        contentType(headers),
        new Media.Bytes(value));
  }

  private static StreamId stream(String key) throws Malformed {
    try {
      return new StreamId(key);
    } catch (IllegalArgumentException _) {
      throw new Malformed(
          "invalid_stream_id",
          "The key must be a stream id, 1 to 64 of A-Z a-z 0-9 . _ -; it is not.");
    }
  }

  private static Instant capturedAt(Headers headers, long timestampMillis) throws Malformed {
    var time = header(headers, "ce_time");
    if (time == null) {
      return Instant.ofEpochMilli(Math.clamp(timestampMillis, 0, LAST_MILLIS));
    }
    try {
      var parsed = OffsetDateTime.parse(time);
      if (parsed.getYear() >= 1 && parsed.getYear() <= 9999) {
        return parsed.toInstant();
      }
    } catch (DateTimeException _) {
      // said below
    }
    throw invalid("ce_time", "must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
  }

  private static @Nullable String run(Headers headers) throws Malformed {
    var run = header(headers, "ce_run");
    if (run != null && !RUN.matcher(run).matches()) {
      throw invalid("ce_run", "must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    return run;
  }

  private static PtsRange at(Instant capturedAt) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, capturedAt);
    return new PtsRange(micros, micros);
  }

  private static @Nullable PtsRange range(Headers headers) throws Malformed {
    var start = number(headers, "ce_ptsstart");
    var end = number(headers, "ce_ptsend");
    if (start == null && end == null) {
      return null;
    }
    if (start == null || end == null) {
      throw invalid("ce_ptsstart", "and ce_ptsend must both be given, or neither");
    }
    if (end < start) {
      throw invalid("ce_ptsend", "must not be before ce_ptsstart");
    }
    if (start < -MOST_MICROS || end > MOST_MICROS) {
      throw invalid("ce_ptsstart", "and ce_ptsend must be microseconds on the stream's clock");
    }
    return new PtsRange(start, end);
  }

  private static String contentType(Headers headers) throws Malformed {
    var type = header(headers, CONTENT_TYPE);
    if (type == null) {
      return UNKNOWN_CONTENT;
    }
    if (!MEDIA_TYPE.matcher(type).matches()) {
      throw invalid(CONTENT_TYPE, "must be a media type such as video/mp4");
    }
    if (type.startsWith("application/cloudevents")) {
      throw invalid(CONTENT_TYPE, "must be the media's own: write CloudEvents in binary mode");
    }
    return type;
  }

  private static void expect(Headers headers, String name, String expected) throws Malformed {
    var value = header(headers, name);
    if (value != null && !value.equals(expected)) {
      throw invalid(name, "must be " + expected);
    }
  }

  private static @Nullable Long number(Headers headers, String name) throws Malformed {
    var value = header(headers, name);
    if (value == null) {
      return null;
    }
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException _) {
      throw invalid(name, "must be a whole number");
    }
  }

  private static @Nullable String header(Headers headers, String name) throws Malformed {
    var header = headers.lastHeader(name);
    return header == null ? null : text(name, "invalid_header", header.value());
  }

  private static String text(String what, String codeWhenMissing, byte @Nullable [] bytes)
      throws Malformed {
    boolean isKey = codeWhenMissing.equals("missing_key");
    if (bytes == null || (isKey && bytes.length == 0)) {
      throw isKey
          ? new Malformed(codeWhenMissing, "The record has no key: it must be the stream id.")
          : invalid(what, "must have a value");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw isKey
          ? new Malformed("invalid_stream_id", "The key must be a stream id; it is not text.")
          : invalid(what, "must be UTF-8 text");
    }
  }

  private static ReceivedSegment.Poison poison(
      ConsumerRecord<byte[], byte[]> record,
      RecordPosition position,
      @Nullable String key,
      Malformed malformed) {
    byte @Nullable [] written = record.value();
    var value = written == null ? new byte[0] : written;
    return new ReceivedSegment.Poison(
        position,
        key == null ? null : shown(key),
        malformed.code,
        malformed.detail,
        value.length,
        sha256(value));
  }

  /** What is safe to log and to show: printable ASCII, not long. */
  private static String shown(String key) {
    var cut = key.length() <= SHOWN ? key : key.substring(0, SHOWN);
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static String sha256(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }

  private static Malformed invalid(String header, String mustHold) {
    return new Malformed("invalid_header", "Header " + header + " " + mustHold + ".");
  }

  /** Carries the verdict out of the parse. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String detail;

    Malformed(String code, String detail) {
      super(detail, null, false, false);
      this.code = code;
      this.detail = detail;
    }
  }
}
