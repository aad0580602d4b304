package dev.densestream.endtoend.restart;

import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two cameras with a segment per second of real H.264, two standing questions whose windows overlap
 * differently, and the windows that must come of them.
 */
final class Cameras {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long SECOND = 1_000_000;
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final List<StreamId> STREAMS = List.of(new StreamId("gate"), new StreamId("yard"));
  private static final List<Question> QUESTIONS =
      List.of(
          new Question("even", 1, "*", "What is seen?", new WindowShape(4000, 4000), 4),
          new Question("overlapping", 1, "*", "What moves?", new WindowShape(6000, 3000), 4));

  private final TopicCluster cluster;
  private final List<SegmentCutter.Piece> pieces;
  private int seconds;

  private Cameras(TopicCluster cluster, List<SegmentCutter.Piece> pieces) {
    this.cluster = cluster;
    this.pieces = pieces;
  }

  static Cameras open(TopicCluster cluster) throws IOException {
    cluster.createTopics().block(PATIENCE);
    for (Question question : QUESTIONS) {
      cluster
          .publish(
              new TopicRecord(
                  cluster.topics().questions(), question.id(), question.toJson(), Map.of()))
          .block(PATIENCE);
    }
    return new Cameras(cluster, pieces());
  }

  private static List<SegmentCutter.Piece> pieces() throws IOException {
    try (InputStream clip = Cameras.class.getResourceAsStream("/demo/demo-star.mp4");
        FrameSampler cutter =
            FrameSampler.open(
                DecoderSettings.defaults().withChildren(1), new SimpleMeterRegistry())) {
      byte[] bytes = clip.readAllBytes();
      List<SegmentCutter.Piece> pieces =
          cutter.cut(new Media.Bytes(bytes), SECOND).collectList().block(PATIENCE);
      return List.copyOf(pieces);
    }
  }

  /** Each camera records until {@code second}. */
  void recordUntil(int second) {
    List<Mono<?>> published = new ArrayList<>();
    for (; seconds < second; seconds++) {
      for (StreamId stream : STREAMS) {
        published.add(cluster.publish(segment(stream, seconds)));
      }
    }
    Flux.concat(published).blockLast(PATIENCE);
  }

  private Segment segment(StreamId stream, int second) {
    SegmentCutter.Piece piece = pieces.get(second % pieces.size());
    return new Segment(
        stream,
        "recording",
        second,
        new PtsRange(second * SECOND, (second + 1) * SECOND),
        false,
        START.plusSeconds(second),
        piece.contentType(),
        new Media.Bytes(piece.media().content().clone()));
  }

  /** Coordinates of every window the recording touches. */
  Set<String> expected() {
    return windows(false);
  }

  private Set<String> windows(boolean closed) {
    Set<String> windows = new TreeSet<>();
    for (StreamId stream : STREAMS) {
      for (Question question : QUESTIONS) {
        long hop = question.window().hopMicros();
        long end = seconds * SECOND - (closed ? question.window().lengthMicros() - 1 : 0);
        for (long start = 0; start < end; start += hop) {
          windows.add(stream + " " + question.id() + " " + start);
        }
      }
    }
    return windows;
  }

  /** Waits until {@code count} answers are visible to readers of committed records. */
  void awaitAnswers(int count) {
    records().take(count).blockLast(PATIENCE);
  }

  int seconds() {
    return seconds;
  }

  /** Waits until every window that ends within the recording has a visible record. */
  void awaitClosedWindows() {
    awaitWindows(windows(true));
  }

  /** Waits until every window the recording touches has a visible record. */
  void awaitAllWindows() {
    awaitWindows(windows(false));
  }

  private void awaitWindows(Set<String> missing) {
    records()
        .map(Observed::of)
        .doOnNext(answer -> missing.remove(answer.coordinates()))
        .takeUntil(_ -> missing.isEmpty())
        .blockLast(PATIENCE);
  }

  /** Records visible at least, once {@link #awaitClosedWindows} has returned. */
  int answered() {
    return windows(true).size();
  }

  /** The first window with a second visible record; empty if there is none within the patience. */
  Optional<Observed> awaitDuplicate(Duration patience) {
    Set<String> once = new HashSet<>();
    return records()
        .map(Observed::of)
        .filter(answer -> !once.add(answer.coordinates()))
        .next()
        .timeout(patience, Mono.empty())
        .blockOptional(PATIENCE);
  }

  /** Waits until everything is settled: the committed offsets are the ends of their partitions. */
  void awaitNoLag() {
    Mono.defer(cluster::lag)
        .repeatWhen(again -> again.delayElements(Duration.ofMillis(250)))
        .takeUntil(lag -> lag == 0)
        .blockLast(PATIENCE);
  }

  long lag() {
    Long lag = cluster.lag().block(PATIENCE);
    return lag == null ? -1 : lag;
  }

  /** All answers there are: read up to a mark written behind them on every partition used. */
  List<Observed> answers() {
    for (StreamId stream : STREAMS) {
      cluster
          .publish(new TopicRecord(cluster.topics().answers(), stream.value(), MARK, Map.of()))
          .block(PATIENCE);
    }
    List<Observed> answers = new ArrayList<>();
    int marks = STREAMS.size() * ++marked;
    records()
        .<StoredRecord>handle(
            (record, sink) -> {
              if (record.value() != null && record.value().length == MARK.length) {
                sink.next(record);
              } else {
                answers.add(Observed.of(record));
              }
            })
        .take(marks)
        .blockLast(PATIENCE);
    return answers;
  }

  private static final byte[] MARK = {'{', '}'};
  private int marked;

  private Flux<StoredRecord> records() {
    return cluster.tail(cluster.topics().answers(), Map.of(), TopicCluster.Start.EARLIEST);
  }
}
