package dev.densestream.ingest.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicCluster.Start;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void keepsItsRecords_overARestartOnTheSameFolder(@TempDir Path folder) {
    var settings = ClusterSettings.temporary().withBroker(new ClusterSettings.Broker(folder, 0));
    try (var cluster = connect(settings)) {
      cluster.createTopics().block(LIMIT);
      cluster.publish(record(cluster, "kept")).block(LIMIT);
    }
    try (var cluster = connect(settings)) {
      cluster.createTopics().block(LIMIT);
      var first =
          cluster
              .tail(cluster.topics().answers(), Map.of(), Start.EARLIEST)
              .map(
                  record ->
                      new String(record.value() == null ? new byte[0] : record.value(), UTF_8))
              .blockFirst(LIMIT);
      assertThat(first).isEqualTo("kept");
    }
  }

  @Test
  void listensOnTheGivenPort_andSaysSo_whenItIsTaken(@TempDir Path folder) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      var settings =
          ClusterSettings.temporary()
              .withBroker(new ClusterSettings.Broker(folder, taken.getLocalPort()));
      assertThatThrownBy(() -> connect(settings))
          .isInstanceOf(TopicClusterException.class)
          .hasMessageContaining("port " + taken.getLocalPort())
          .hasMessageContaining(folder.toString());
    }
  }

  @Test
  void saysSo_whenItsFolderIsAFile(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("occupied"), "not a folder");
    var settings = ClusterSettings.temporary().withBroker(new ClusterSettings.Broker(file, 0));
    assertThatThrownBy(() -> connect(settings))
        .isInstanceOf(TopicClusterException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void refusesClientPropertiesThatExactlyOnceDependsOn() {
    var settings =
        new ClusterSettings(
            ClusterSettings.temporary().topics(),
            "127.0.0.1:1",
            Map.of("isolation.level", "read_uncommitted"),
            ClusterSettings.Group.defaults(),
            new ClusterSettings.Broker(null, 0));
    assertThatThrownBy(() -> connect(settings))
        .isInstanceOf(TopicClusterException.class)
        .hasMessageContaining("isolation.level");
  }

  private static TopicCluster connect(ClusterSettings settings) {
    return TopicCluster.connect(settings, new SimpleMeterRegistry());
  }

  private static TopicRecord record(TopicCluster cluster, String text) {
    return new TopicRecord(cluster.topics().answers(), "cam", text.getBytes(UTF_8), Map.of());
  }
}
