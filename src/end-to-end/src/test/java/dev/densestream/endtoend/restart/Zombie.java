package dev.densestream.endtoend.restart;

import dev.densestream.ingest.TopicCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A service that is stopped in mid-work and wakes after another one has done its work. */
final class Zombie implements AutoCloseable {
  static final int SECONDS = 48;

  private final Path folder;
  private final String[] systemProperties;
  private final BrokerProcess broker;
  private final TopicCluster cluster;
  private final Cameras cameras;
  private final ServiceProcess first;
  private @Nullable ServiceProcess second;

  private Zombie(Path folder, String[] systemProperties, BrokerProcess broker) throws IOException {
    this.folder = folder;
    this.systemProperties = systemProperties;
    this.broker = broker;
    this.cluster = KillRestartIT.connect(broker);
    this.cameras = Cameras.open(cluster);
    this.first = start("0");
  }

  static Zombie open(String name, String... systemProperties) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "kill-restart", name));
    return new Zombie(folder, systemProperties, BrokerProcess.start(folder.resolve("broker.log")));
  }

  private ServiceProcess start(String instance) throws IOException {
    return ServiceProcess.start(
        broker.bootstrapServers(),
        instance,
        folder.resolve("service-" + instance + ".log"),
        systemProperties);
  }

  Cameras cameras() {
    return cameras;
  }

  /** The first is stopped with answers under way; the second takes over and finishes; it wakes. */
  void loseWorkToAnotherAndWake() throws IOException {
    cameras.recordUntil(SECONDS);
    cameras.awaitAnswers(3);
    first.signal("STOP");
    second = start("1");
    cameras.awaitAllWindows();
    first.signal("CONT");
  }

  @Override
  public void close() throws IOException {
    first.close();
    if (second != null) {
      second.close();
    }
    cluster.close();
    broker.close();
  }
}
