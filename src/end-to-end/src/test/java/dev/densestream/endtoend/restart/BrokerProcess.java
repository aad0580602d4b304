package dev.densestream.endtoend.restart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own; it ends when its standard input does. */
final class BrokerProcess implements AutoCloseable {
  private static final String ADDRESS = "BROKER ";

  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /** Run in the child. */
  public static void main(String[] args) throws IOException {
    try (TopicCluster cluster =
        TopicCluster.connect(ClusterSettings.temporary(), new SimpleMeterRegistry())) {
      System.out.println(ADDRESS + cluster.bootstrapServers());
      while (System.in.read() >= 0) {
        // waits for the end of the parent
      }
    }
  }

  static BrokerProcess start(Path log) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BrokerProcess.class.getName()))
            .redirectError(log.toFile())
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = lines.readLine();
    while (line != null && !line.startsWith(ADDRESS)) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new IllegalStateException("the broker did not start; see " + log);
    }
    Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {})); // keeps the pipe empty
    return new BrokerProcess(process, line.substring(ADDRESS.length()));
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
