package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Capture;
import dev.densestream.ingest.CaptureSettings;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Definitions come, change, go and come back on a real broker; a real file is captured. */
@Timeout(300)
class CapturesIT {
  @TempDir private Path folder;

  @Test
  void beginsEndsAndBeginsAnew_asDefinitionsDo() throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Path film = film();
    try (TopicCluster cluster = TopicCluster.connect(ClusterSettings.temporary(), meters);
        FrameSampler cutter = FrameSampler.open(DecoderSettings.defaults(), meters)) {
      cluster.createTopics().block(PATIENCE);
      Capture capture = Capture.open(CaptureSettings.defaults(), cutter, fetcher(meters), meters);
      whileCapturing(
          cluster,
          new Capturing(capture, cluster),
          () -> {
            mislaid(cluster, "no id", "gate");
            mislaid(cluster, "shed", "gate");
            define(cluster, film, "gate", 1000);
            define(cluster, film, "yard", 1000);
            String first = runAfter(cluster, Set.of(), "gate");
            runAfter(cluster, Set.of(), "yard");

            define(cluster, film, "gate", 2000);
            String second = runAfter(cluster, Set.of(first), "gate");

            undefine(cluster, "gate");
            LiveRig.awaitUntil(() -> sessions(meters) == 1);
            assertThat(capture.states()).containsOnlyKeys(new StreamId("yard"));

            define(cluster, film, "gate", 2000);
            runAfter(cluster, Set.of(first, second), "gate");
            LiveRig.awaitUntil(() -> sessions(meters) == 2);

            undefine(cluster, "gate");
            undefine(cluster, "yard");
            LiveRig.awaitUntil(() -> sessions(meters) == 0);
          });
    }
  }

  @Test
  void refusesAStream_whoseSegmentsNoRecordHolds() throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Path film = film();
    try (TopicCluster cluster = TopicCluster.connect(ClusterSettings.temporary(), meters)) {
      cluster.createTopics().block(PATIENCE);
      Capture capture = capture(16 << 20, meters);
      whileCapturing(
          cluster,
          new Capturing(capture, cluster),
          () -> {
            define(cluster, film, "gate", 1000);
            LiveRig.awaitUntil(
                () ->
                    capture.states().get(new StreamId("gate"))
                            instanceof StreamState.Refused(String code, String reason)
                        && code.equals("segment_too_large")
                        && reason.contains("16777216 bytes"));
          });
    }
  }

  /** The control of the one above, too: the largest that a cutter makes is taken. */
  @Test
  void saysThatItTriesAgain_whileKafkaTakesNothing() throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Path film = film();
    try (TopicCluster cluster = TopicCluster.connect(ClusterSettings.temporary(), meters)) {
      cluster.createTopics().block(PATIENCE);
      Capture capture = capture(SegmentCutter.MOST_PIECE_BYTES, meters);
      AtomicBoolean down = new AtomicBoolean(true);
      whileCapturing(
          cluster,
          new Capturing(capture, failing(cluster, down)),
          () -> {
            define(cluster, film, "gate", 1000);
            LiveRig.awaitUntil(
                () ->
                    capture.states().get(new StreamId("gate"))
                            instanceof StreamState.Retrying(String code, String _, int _)
                        && code.equals("publish_failed"));
            down.set(false);
            runAfter(cluster, Set.of(), "gate");
            LiveRig.awaitUntil(
                () -> capture.states().get(new StreamId("gate")) instanceof StreamState.Running);
          });
    }
  }

  /**
   * What captures.
   *
   * @param cluster as it is seen from there
   */
  private record Capturing(Capture capture, TopicCluster cluster) {}

  private static void whileCapturing(TopicCluster cluster, Capturing capturing, Runnable steps) {
    try (TopicTable<StreamDefinition> streams =
        cluster.table(cluster.topics().streams(), StreamDefinition::ofRecord)) {
      Disposable running =
          new Captures(capturing.capture, capturing.cluster, streams).run().subscribe();
      try {
        steps.run();
      } finally {
        running.dispose();
      }
    }
  }

  /** Of pieces of that size. */
  private Capture capture(int bytes, SimpleMeterRegistry meters) {
    SegmentCutter cutter =
        (_, target) ->
            Flux.range(0, 1000)
                .map(
                    i ->
                        new SegmentCutter.Piece(
                            new PtsRange(i * target, (i + 1) * target),
                            "video/mp4",
                            new Media.Bytes(new byte[bytes]),
                            true));
    return Capture.open(CaptureSettings.defaults(), cutter, fetcher(meters), meters);
  }

  /** Publishes no segment while it is down. */
  private static TopicCluster failing(TopicCluster cluster, AtomicBoolean down) {
    return (TopicCluster)
        Proxy.newProxyInstance(
            TopicCluster.class.getClassLoader(),
            new Class<?>[] {TopicCluster.class},
            (_, method, arguments) ->
                down.get() && arguments != null && arguments[0] instanceof Segment
                    ? Mono.error(new TopicClusterException("Kafka takes nothing."))
                    : method.invoke(cluster, arguments));
  }

  private Path film() throws IOException {
    try (InputStream clip = CapturesIT.class.getResourceAsStream("/demo/demo-star.mp4")) {
      return Files.write(folder.resolve("film.mp4"), Objects.requireNonNull(clip).readAllBytes());
    }
  }

  private MediaFetcher fetcher(SimpleMeterRegistry meters) {
    return MediaFetcher.open(
        new FetchSettings(
            List.of(folder), Set.of(), Set.of(), folder, FetchSettings.Limits.defaults()),
        meters);
  }

  private static double sessions(SimpleMeterRegistry meters) {
    return meters.get("densestream.capture.sessions").gauge().value();
  }

  private static void define(TopicCluster cluster, Path film, String stream, int segmentMillis) {
    StreamDefinition definition =
        new StreamDefinition(
            new StreamId(stream),
            film.toString(),
            true,
            StreamDefinition.Pace.MEDIA_SPEED,
            segmentMillis,
            "fps:1",
            StreamDefinition.Overload.LOSSLESS);
    cluster
        .publish(new TopicRecord(cluster.topics().streams(), stream, definition.toJson(), Map.of()))
        .block(PATIENCE);
  }

  /** A definition under a key that is not its id: nobody's, and nobody else's concern. */
  private static void mislaid(TopicCluster cluster, String key, String stream) {
    byte[] value = StreamDefinition.fedFromOutside(new StreamId(stream)).toJson();
    cluster
        .publish(new TopicRecord(cluster.topics().streams(), key, value, Map.of()))
        .block(PATIENCE);
  }

  private static void undefine(TopicCluster cluster, String stream) {
    cluster.publish(TopicRecord.tombstone(cluster.topics().streams(), stream)).block(PATIENCE);
  }

  /** The run of the stream's first segment of another run than these; it begins with number 0. */
  private static String runAfter(TopicCluster cluster, Set<String> before, String stream) {
    StoredRecord segment =
        Flux.defer(
                () ->
                    cluster.tail(
                        cluster.topics().segments(), Map.of(), TopicCluster.Start.EARLIEST))
            .filter(record -> record.key().equals(stream))
            .filter(record -> !before.contains(record.headers().get("ce_run")))
            .blockFirst(PATIENCE);
    Map<String, String> headers = Objects.requireNonNull(segment).headers();
    assertThat(headers).containsEntry("ce_sequence", "0").containsKey("ce_run");
    return Objects.requireNonNull(headers.get("ce_run"));
  }
}
