package dev.densestream.ingest.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.Settlement;
import dev.densestream.ingest.SettlementOutcome;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicCluster.Start;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/** Topics and groups of one test's own, and the words the tests are told in. */
final class SeamFixture implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final int PARTITIONS = 8;

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final ClusterSettings settings;
  final TopicCluster cluster;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  SeamFixture(String bootstrapServers) {
    var run = UUID.randomUUID().toString().substring(0, 8) + ".";
    settings = settings(bootstrapServers, run);
    cluster = TopicCluster.connect(settings, meters);
    cluster.createTopics().block(LIMIT);
  }

  private static ClusterSettings settings(String bootstrapServers, String run) {
    return new ClusterSettings(
        new TopicSettings(
            run + "segments",
            run + "streams",
            run + "questions",
            run + "clips",
            run + "answers",
            run + "dead-letters",
            run + "progress",
            run + "clip-outcomes"),
        bootstrapServers,
        Map.of(),
        new ClusterSettings.Group(
            run + "answer-group",
            run + "clip-group",
            run + "tx-",
            Duration.ofSeconds(6),
            Duration.ofSeconds(12),
            1 << 20),
        new ClusterSettings.Broker(null, 0));
  }

  ClientSettings clients() {
    return new ClientSettings(settings, cluster.bootstrapServers());
  }

  String segments() {
    return settings.topics().segments();
  }

  String answers() {
    return settings.topics().answers();
  }

  /** Another process as far as Kafka can tell: clients of its own, meters of its own. */
  TopicCluster elsewhere() {
    var other = TopicCluster.connect(settings, new SimpleMeterRegistry());
    opened.push(other);
    return other;
  }

  <T extends AutoCloseable> T opened(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  /** A stream whose records lie on {@code partition}. */
  static String streamOn(int partition) {
    return IntStream.range(0, 1000)
        .mapToObj(n -> "stream-" + n)
        .filter(
            name -> Utils.toPositive(Utils.murmur2(name.getBytes(UTF_8))) % PARTITIONS == partition)
        .findFirst()
        .orElseThrow();
  }

  void publish(String stream, int from, int to) {
    IntStream.range(from, to).forEach(sequence -> publish(segment(stream, sequence, 100)));
  }

  RecordPosition publish(Segment segment) {
    return requireNonNull(cluster.publish(segment).block(LIMIT));
  }

  /** {@code each} segments on every partition. */
  void publishEverywhere(int from, int to) {
    IntStream.range(0, PARTITIONS).forEach(partition -> publish(streamOn(partition), from, to));
  }

  static Segment segment(String stream, long sequence, int bytes) {
    return new Segment(
        new StreamId(stream),
        null,
        sequence,
        new PtsRange(sequence * 2_000_000, (sequence + 1) * 2_000_000),
        false,
        Instant.ofEpochSecond(1_700_000_000 + 2 * sequence),
        "video/mp4",
        new Media.Bytes(new byte[bytes]));
  }

  TopicRecord answer(String key, String text) {
    return new TopicRecord(answers(), key, text.getBytes(UTF_8), Map.of());
  }

  static Segment segmentOf(ReceivedSegment received) {
    return ((ReceivedSegment.Intact) received).segment();
  }

  static String nameOf(ReceivedSegment received) {
    var segment = segmentOf(received);
    return segment.stream() + "#" + segment.sequence();
  }

  /** An answer named after the segment, and the segment done with. */
  Settlement answered(ReceivedSegment received) {
    return new Settlement(
        List.of(answer(segmentOf(received).stream().value(), nameOf(received))),
        List.of(received.position()),
        List.of(received.position()));
  }

  static SettlementOutcome settle(SegmentConsumer consumer, Settlement settlement) {
    return requireNonNull(consumer.settle(settlement).block(LIMIT));
  }

  /** How the settlement failed. */
  static Throwable refusal(SegmentConsumer consumer, Settlement settlement) {
    var signal = requireNonNull(consumer.settle(settlement).materialize().block(LIMIT));
    return requireNonNull(signal.getThrowable(), "the settlement did not fail");
  }

  /** What a {@code read_committed} reader finds, from the beginning to the present end. */
  List<String> committedAnswers() {
    var marker = UUID.randomUUID().toString();
    IntStream.range(0, PARTITIONS)
        .forEach(partition -> cluster.publish(answer(streamOn(partition), marker)).block(LIMIT));
    try (var probe = Probe.of(cluster.tail(answers(), Map.of(), Start.EARLIEST))) {
      probe.demand(Long.MAX_VALUE);
      Await.until(LIMIT, () -> texts(probe.items()).filter(marker::equals).count() == PARTITIONS);
      return texts(probe.items()).filter(text -> text.contains("#")).sorted().toList();
    }
  }

  static Stream<String> texts(List<StoredRecord> records) {
    return records.stream().map(record -> new String(requireNonNull(record.value()), UTF_8));
  }

  double count(String meter, String... tags) {
    return meters.counter(meter, tags).count();
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failure) {
        throw new AssertionError("not closed", failure);
      }
    }
    cluster.close();
  }
}
