package dev.densestream.ingest.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentCodecTest {
  private static final byte[] VIDEO = {1, 2, 3};
  private static final long TIMESTAMP = 1_700_000_000_123L;
  private static final RecordPosition POSITION = new RecordPosition("video.segments", 2, 77, 1);

  @Test
  void readsWhatItWrites() {
    var segment =
        new Segment(
            new StreamId("door-1"),
            "1700000000000000",
            12,
            new PtsRange(-5, 2_000_000),
            false,
            Instant.parse("2026-01-31T12:00:00.123456Z"),
            "video/mp2t",
            new Media.Bytes(VIDEO));
    var written = SegmentCodec.encode("video.segments", segment);
    assertThat(written.headers())
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_id", "door-1-1700000000000000-12")
        .containsEntry("ce_run", "1700000000000000")
        .containsEntry("ce_source", "/streams/door-1")
        .containsEntry("ce_type", "dev.densestream.segment.v1")
        .containsEntry("ce_subject", "door-1")
        .containsEntry("ce_time", "2026-01-31T12:00:00.123456Z")
        .containsEntry("ce_sequence", "12")
        .containsEntry("ce_ptsstart", "-5")
        .containsEntry("ce_ptsend", "2000000")
        .containsEntry("content-type", "video/mp2t");
    var record = record(written.key().getBytes(UTF_8), written.value(), written.headers());
    assertThat(intact(record)).isEqualTo(segment);
  }

  @Test
  void takesARecordWithNothingButKeyAndValue() {
    var segment = intact(record("cam".getBytes(UTF_8), VIDEO, Map.of()));
    assertThat(segment.stream()).isEqualTo(new StreamId("cam"));
    assertThat(segment.sequence()).isEqualTo(77);
    assertThat(segment.run()).isNull();
    assertThat(segment.floating()).isTrue();
    assertThat(segment.contentType()).isEqualTo("application/octet-stream");
    assertThat(segment.capturedAt()).isEqualTo(Instant.ofEpochMilli(TIMESTAMP));
    assertThat(segment.range()).isEqualTo(new PtsRange(TIMESTAMP * 1000, TIMESTAMP * 1000));
    assertThat(((Media.Bytes) segment.media()).content()).isEqualTo(VIDEO);
  }

  @Test
  void givesSegmentsOfTwoRunsDifferentIds() {
    var first = SegmentCodec.encode("t", numbered("1", 0));
    var second = SegmentCodec.encode("t", numbered("2", 0));
    assertThat(first.headers().get("ce_id")).isNotEqualTo(second.headers().get("ce_id"));
    assertThat(SegmentCodec.encode("t", numbered(null, 0)).headers())
        .containsEntry("ce_id", "cam-0")
        .doesNotContainKey("ce_run");
  }

  private static Segment numbered(@Nullable String run, long sequence) {
    return new Segment(
        new StreamId("cam"),
        run,
        sequence,
        new PtsRange(0, 1),
        false,
        Instant.EPOCH,
        "video/mp4",
        new Media.Bytes(VIDEO));
  }

  @Test
  void leavesTheRangeToTheReader_whenASegmentIsFloating() {
    var floating =
        new Segment(
            new StreamId("cam"),
            null,
            3,
            new PtsRange(5, 5),
            true,
            Instant.EPOCH,
            "video/mp4",
            new Media.Bytes(VIDEO));
    assertThat(SegmentCodec.encode("t", floating).headers())
        .doesNotContainKeys("ce_ptsstart", "ce_ptsend");
    var headers = Map.of("ce_ptsstart", "5", "ce_ptsend", "5");
    assertThat(intact(record("cam".getBytes(UTF_8), VIDEO, headers)).floating()).isFalse();
  }

  @Test
  void ignoresHeadersOfOthers() {
    var headers = Map.of("traceparent", "00-abc", "x-anything", "1", "ce_partitionkey", "p");
    assertThat(intact(record("cam".getBytes(UTF_8), VIDEO, headers)).sequence()).isEqualTo(77);
  }

  @Test
  void refusesToWriteAFile() {
    var clip =
        new Segment(
            new StreamId("clip"),
            null,
            0,
            new PtsRange(0, 1),
            false,
            Instant.EPOCH,
            "video/mp4",
            new Media.File(Path.of("clip.mp4"), 9));
    assertThatThrownBy(() -> SegmentCodec.encode("t", clip))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void callsARecordWithoutKeyPoison() {
    assertPoison(poison(record(null, VIDEO, Map.of())), "missing_key", null);
    assertPoison(poison(record(new byte[0], VIDEO, Map.of())), "missing_key", null);
  }

  @Test
  void callsAnUnusableKeyPoison_andShowsItCleaned() {
    assertPoison(
        poison(record("../../etc\u0007\u202e".getBytes(UTF_8), VIDEO, Map.of())),
        "invalid_stream_id",
        "../../etc??");
    assertPoison(
        poison(record("x".repeat(65).getBytes(UTF_8), VIDEO, Map.of())),
        "invalid_stream_id",
        "x".repeat(64));
    assertPoison(
        poison(record(new byte[] {(byte) 0xff}, VIDEO, Map.of())), "invalid_stream_id", null);
  }

  @Test
  void callsAnEmptyValuePoison_withTheHashOfNothing() {
    var nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (byte @Nullable [] value : new byte @Nullable [][] {null, {}}) {
      var poison = poison(record("cam".getBytes(UTF_8), value, Map.of()));
      assertPoison(poison, "empty_value", "cam");
      assertThat(poison.sha256()).isEqualTo(nothing);
      assertThat(poison.sizeBytes()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ce_specversion, 2.0",
    "ce_type, com.example.other",
    "ce_subject, another",
    "ce_source, /streams/another",
    "ce_sequence, -1",
    "ce_sequence, first",
    "ce_sequence, 9223372036854775808",
    "ce_time, yesterday",
    "ce_time, +999999999-01-01T00:00:00Z",
    "ce_ptsstart, 5",
    "ce_ptsend, 5",
    "content-type, application/cloudevents+json",
    "content-type, ''",
  })
  void callsHeadersThatContradictOrMakeNoSensePoison(String name, String value) {
    var poison = poison(record("cam".getBytes(UTF_8), VIDEO, Map.of(name, value)));
    assertPoison(poison, "invalid_header", "cam");
    assertThat(poison.detail()).contains(name);
    assertThat(poison.sizeBytes()).isEqualTo(3);
    assertThat(poison.sha256())
        .isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
  }

  @ParameterizedTest
  @CsvSource({"9, 5", "-9223372036854775808, 0", "0, 9223372036854775807"})
  void callsAnImpossibleRangePoison(String start, String end) {
    var headers = Map.of("ce_ptsstart", start, "ce_ptsend", end);
    assertPoison(poison(record("cam".getBytes(UTF_8), VIDEO, headers)), "invalid_header", "cam");
  }

  @Test
  void callsAHeaderThatIsNotTextPoison() {
    var record = record("cam".getBytes(UTF_8), VIDEO, Map.of());
    record.headers().add("ce_sequence", new byte[] {(byte) 0xc3});
    assertPoison(poison(record), "invalid_header", "cam");
    var none = record("cam".getBytes(UTF_8), VIDEO, Map.of());
    none.headers().add("ce_time", null);
    assertPoison(poison(none), "invalid_header", "cam");
  }

  private static void assertPoison(
      ReceivedSegment.Poison poison, String code, @Nullable String key) {
    assertThat(poison.code()).isEqualTo(code);
    assertThat(poison.key()).isEqualTo(key);
    assertThat(poison.position()).isEqualTo(POSITION);
  }

  private static Segment intact(ConsumerRecord<byte[], byte[]> record) {
    var received = SegmentCodec.decode(record, POSITION);
    assertThat(received).asInstanceOf(type(ReceivedSegment.Intact.class)).isNotNull();
    return ((ReceivedSegment.Intact) received).segment();
  }

  private static ReceivedSegment.Poison poison(ConsumerRecord<byte[], byte[]> record) {
    var received = SegmentCodec.decode(record, POSITION);
    assertThat(received).asInstanceOf(type(ReceivedSegment.Poison.class)).isNotNull();
    return (ReceivedSegment.Poison) received;
  }

  @SuppressWarnings("NullAway") // a record's key and value may be null, which its type cannot say
  private static ConsumerRecord<byte[], byte[]> record(
      byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {
    var carried = new RecordHeaders();
    headers.forEach((name, text) -> carried.add(name, text.getBytes(UTF_8)));
    return new ConsumerRecord<>(
        "video.segments",
        2,
        77,
        TIMESTAMP,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        carried,
        Optional.empty());
  }
}
