package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicClusterException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real broker in this process, bound to 127.0.0.1: one KRaft node that is broker and controller.
 * Everything is kept in one folder, so a start on the same folder continues where the last one
 * ended, also after a crash. A temporary folder is deleted at close.
 *
 * <p>One node has no second copy: acknowledged records survive the death of this process, but not
 * power loss. When its disk fails the broker ends the process, as every Kafka broker does.
 */
final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int NODE = 1;
  private static final String LOOPBACK = "127.0.0.1";
  private static final String META = "meta.properties";

  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final @Nullable Path temporary;

  private EmbeddedBroker(
      KafkaRaftServer server, String bootstrapServers, @Nullable Path temporary) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
    this.temporary = temporary;
  }

  /** Starts the broker and waits until it serves clients. */
  static EmbeddedBroker start(ClusterSettings.Broker settings) {
    return start(settings, Map.of());
  }

  /**
   * @param overrides broker properties on top of ours, for tests that need shorter times
   */
  static EmbeddedBroker start(ClusterSettings.Broker settings, Map<String, String> overrides) {
    long began = System.nanoTime();
    Path temporary = null;
    try {
      Path folder = settings.folder();
      if (folder == null) {
        folder = temporary = Files.createTempDirectory("densestream-broker-");
      }
      int port = settings.port() == 0 ? freePort() : settings.port();
      format(folder);
      var server = serve(config(folder, port, overrides));
      var broker = new EmbeddedBroker(server, LOOPBACK + ":" + port, temporary);
      LOG.info(
          "broker on {} with its data in {} after {} ms",
          broker.bootstrapServers,
          temporary == null ? folder : "a temporary folder",
          (System.nanoTime() - began) / 1_000_000);
      return broker;
    } catch (IOException | RuntimeException failure) { // the broker throws whatever it met first
      delete(temporary);
      throw new TopicClusterException(refusal(settings), failure);
    }
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    delete(temporary);
  }

  private static KafkaRaftServer serve(KafkaConfig config) {
    var server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException failure) {
      server.shutdown(); // the half that had started
      throw failure;
    }
  }

  private static String refusal(ClusterSettings.Broker settings) {
    return "The broker of this process cannot start with port "
        + settings.port()
        + " and "
        + (settings.folder() == null ? "a temporary folder" : "folder " + settings.folder())
        + "; check that no other process uses them and that the folder is writable.";
  }

  /** Writes the identity and feature levels a folder needs once; leaves a formatted one alone. */
  private static void format(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (Files.exists(folder.resolve(META))) {
      return;
    }
    try (var silence =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silence)
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE)
          .addDirectory(folder.toString())
          .setMetadataLogDirectory(folder.toString())
          .setControllerListenerName("CONTROLLER")
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .run();
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("formatting " + folder, failure);
    }
  }

  private static KafkaConfig config(Path folder, int port, Map<String, String> overrides)
      throws IOException {
    var properties = new Properties();
    var controller = LOOPBACK + ":" + freePort();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE));
    properties.put("log.dir", folder.toString());
    properties.put(
        "listeners", "PLAINTEXT://" + LOOPBACK + ":" + port + ",CONTROLLER://" + controller);
    properties.put("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("controller.quorum.voters", NODE + "@" + controller);
    properties.put("auto.create.topics.enable", "false");
    singleNode(properties);
    frugal(properties);
    properties.putAll(overrides);
    return new KafkaConfig(properties, false);
  }

  private static void singleNode(Properties properties) {
    for (String single :
        List.of(
            "default.replication.factor",
            "min.insync.replicas",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr")) {
      properties.put(single, "1");
    }
    for (String partitions :
        List.of(
            "offsets.topic.num.partitions",
            "transaction.state.log.num.partitions",
            "share.coordinator.state.topic.num.partitions")) {
      properties.put(partitions, "2");
    }
    // After a crash the controller admits the new broker only when it has missed the old one for a
    // session; the usual 9 s would be most of a start.
    properties.put("broker.heartbeat.interval.ms", "1000");
    properties.put("broker.session.timeout.ms", "4000");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.min.session.timeout.ms", "1000");
    // A member of a share group learns of its partitions by heartbeat: the usual 5 s are a wait.
    properties.put("group.share.min.heartbeat.interval.ms", "500");
    properties.put("group.share.heartbeat.interval.ms", "500");
    int largest = TopicPlan.LARGEST_RECORD_BYTES;
    properties.put("message.max.bytes", Integer.toString(largest));
    properties.put("replica.fetch.max.bytes", Integer.toString(largest));
  }

  /** Threads and buffers for one machine that has other work to do. */
  private static void frugal(Properties properties) {
    properties.put("num.network.threads", "1");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("group.coordinator.threads", "1");
    properties.put("share.coordinator.threads", "1");
    // Allocated at start; the compacted topics here hold thousands of keys, not millions.
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    }
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException failure) {
      LOG.warn("temporary folder {} of the broker could not be deleted", folder, failure);
    }
  }
}
