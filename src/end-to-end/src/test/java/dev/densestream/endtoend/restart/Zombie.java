package dev.densestream.endtoend.restart;

import dev.densestream.ingest.TopicCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two services of one group, of which one is stopped in mid-work, again and again, and wakes when
 * the other has taken over and done its work.
 */
final class Zombie implements AutoCloseable {
  private static final int SECONDS_PER_ROUND = 24;

  private final BrokerProcess broker;
  private final TopicCluster cluster;
  private final Cameras cameras;
  private final List<ServiceProcess> services = new ArrayList<>();

  private Zombie(Path folder, String[] systemProperties, BrokerProcess broker) throws IOException {
    this.broker = broker;
    this.cluster = KillRestartIT.connect(broker);
    this.cameras = Cameras.open(cluster);
    for (String instance : List.of("0", "1")) {
      Path log = folder.resolve("service-" + instance + ".log");
      services.add(
          ServiceProcess.start(broker.bootstrapServers(), instance, log, systemProperties));
    }
  }

  static Zombie open(String name, String... systemProperties) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "kill-restart", name));
    return new Zombie(folder, systemProperties, BrokerProcess.start(folder.resolve("broker.log")));
  }

  Cameras cameras() {
    return cameras;
  }

  /**
   * The first or the second, by turns, is stopped with answers under way until every window of the
   * recording so far is answered without it; then it goes on where it was.
   */
  void stopAndWake(int round) throws IOException {
    ServiceProcess stopped = services.get(round % services.size());
    int answers = cameras.answered();
    cameras.recordUntil(cameras.seconds() + SECONDS_PER_ROUND);
    cameras.awaitAnswers(answers + 2);
    stopped.signal("STOP");
    try {
      cameras.awaitClosedWindows();
    } finally {
      stopped.signal("CONT");
    }
  }

  @Override
  public void close() throws IOException {
    services.forEach(ServiceProcess::close);
    cluster.close();
    broker.close();
  }
}
