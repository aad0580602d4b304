package dev.densestream.endtoend.page;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code serve --demo} of the built jar, as its own process, ready. */
final class DemoService implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final int port;

  private DemoService(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static DemoService start(Path folder) throws IOException, InterruptedException {
    File jar = new File(System.getProperty("densestream.jar"));
    if (!jar.isFile()) {
      throw new IllegalStateException("build the executable jar first: no " + jar);
    }
    int port = freePort();
    int health = freePort();
    Path log = folder.resolve("service.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                // Steps by vectors, as a service of a model of one's own has them.
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar.toString(),
                "serve",
                "--demo",
                "--server.port=" + port,
                "--management.server.port=" + health));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    DemoService service = new DemoService(builder.start(), port);
    try {
      service.awaitReady(URI.create("http://localhost:" + health + "/actuator/health/readiness"));
    } catch (IllegalStateException notReady) {
      service.close();
      throw new IllegalStateException(notReady.getMessage() + "\n" + Files.readString(log));
    }
    return service;
  }

  private void awaitReady(URI readiness) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline) {
        if (status(client, readiness) == 200) {
          return;
        }
        if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("the service ended with " + process.exitValue());
        }
      }
    }
    throw new IllegalStateException("the service is not ready after " + PATIENCE);
  }

  private static int status(HttpClient client, URI readiness) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(readiness).timeout(PATIENCE).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  String page() {
    return "http://localhost:" + port + "/";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
