package dev.densestream.endtoend.badinput;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The built jar with a broker of its own, on ports it chose and says in its log. */
public final class StandaloneService implements AutoCloseable {
  private static final Pattern BROKER = Pattern.compile("broker on (\\S+) ");
  private static final Pattern WEB = Pattern.compile("Netty started on port (\\d+)");

  private final Process process;
  private final Path log;
  private final HttpClient http = HttpClient.newHttpClient();

  private StandaloneService(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Returns once it is ready.
   *
   * @param log beside which the service has its temporary files
   */
  public static StandaloneService start(Path log) throws IOException {
    Path temporary = Files.createDirectories(log.resolveSibling("tmp")).toAbsolutePath();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            java.toString(),
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + temporary,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            System.getProperty("densestream.jar"),
            "serve",
            "--port=0",
            "--management-port=0",
            "--densestream.windows.idle=4s");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    StandaloneService service =
        new StandaloneService(builder.redirectOutput(log.toFile()).start(), log);
    try {
      service.awaitReady();
      return service;
    } catch (RuntimeException | Error failed) {
      service.close();
      throw failed;
    }
  }

  private void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(250))
        .failFast("the service has ended", () -> !process.isAlive())
        .until(() -> said(WEB, 2) && management("/actuator/health/readiness").contains("\"UP\""));
  }

  public String bootstrapServers() throws IOException {
    return found(BROKER, 1);
  }

  /** What the page's port answers. */
  public String web(String path) throws IOException, InterruptedException {
    return get(found(WEB, 1), path);
  }

  /** What the page's port answers to a clip. */
  HttpResponse<String> upload(byte[] clip) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + found(WEB, 1) + "/api/clips");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "video/mp4")
            .POST(HttpRequest.BodyPublishers.ofByteArray(clip))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** What the port of health and metrics answers. */
  String management(String path) throws IOException, InterruptedException {
    return get(found(WEB, 2), path);
  }

  /** The first lines of an endless answer that start so. */
  public List<String> firstEvents(String path, String start, int count)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + found(WEB, 1) + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
    try (Stream<String> lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      return lines.filter(line -> line.startsWith(start)).limit(count).toList();
    }
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGTERM. */
  int stopWithin(Duration patience) throws InterruptedException {
    process.destroy();
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
  }

  private String get(String port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private boolean said(Pattern pattern, int times) throws IOException {
    return pattern.matcher(log()).results().count() >= times;
  }

  private String found(Pattern pattern, int nth) throws IOException {
    Matcher matcher = pattern.matcher(log());
    for (int i = 0; i < nth; i++) {
      if (!matcher.find()) {
        throw new IllegalStateException("the log does not say " + pattern);
      }
    }
    return matcher.group(1);
  }

  @Override
  public void close() {
    http.close();
    process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
