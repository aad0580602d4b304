package dev.densestream.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.RecordPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes: a record: key, value and headers, each behind its length. Run by {@code mvn -Pfuzz
 * test} too, see CONTRIBUTING.md.
 */
class SegmentCodecFuzzTest {
  private static final Path CORPUS = Path.of("src/test/fuzz/segment");

  private static final List<String> HEADERS =
      List.of(
          "ce_specversion",
          "ce_type",
          "ce_subject",
          "ce_source",
          "ce_time",
          "ce_sequence",
          "ce_ptsstart",
          "ce_ptsend",
          "content-type");

  public static void fuzzerTestOneInput(byte[] input) {
    accepts(input);
  }

  /** Whether it was accepted; any exception but the reader's own goes through. */
  private static boolean accepts(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(input);
    byte @Nullable [] key = part(in);
    byte @Nullable [] value = part(in);
    RecordHeaders headers = new RecordHeaders();
    for (String name : HEADERS) {
      byte @Nullable [] content = part(in);
      if (content != null) {
        headers.add(name, content);
      }
    }
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "video.segments",
            0,
            7,
            in.remaining() < Long.BYTES ? 0 : in.getLong(),
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            value,
            headers,
            Optional.empty());
    return SegmentCodec.decode(record, new RecordPosition("video.segments", 0, 7, 0))
        instanceof ReceivedSegment.Intact;
  }

  /** Up to 127 bytes behind their number; a negative number stands for nothing. */
  private static byte @Nullable [] part(ByteBuffer in) {
    int length = in.hasRemaining() ? in.get() : -1;
    if (length < 0) {
      return null;
    }
    byte[] part = new byte[Math.min(length, in.remaining())];
    in.get(part);
    return part;
  }

  static List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void neverFailsOtherwiseThanByItsOwnException(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** A reader that refused everything, or nothing, would pass above. */
  @Test
  void acceptsSomeOfTheCorpus_andRefusesSome() throws IOException {
    List<Boolean> accepted = new ArrayList<>();
    for (Path input : corpus()) {
      accepted.add(accepts(Files.readAllBytes(input)));
    }
    assertThat(accepted).contains(true, false);
  }
}
