package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Capture;
import dev.densestream.ingest.CaptureSettings;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

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
      try (TopicTable<StreamDefinition> streams =
          cluster.table(cluster.topics().streams(), StreamDefinition::ofRecord)) {
        Disposable running = new Captures(capture, cluster, streams).run().subscribe();
        try {
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
        } finally {
          running.dispose();
        }
      }
    }
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
