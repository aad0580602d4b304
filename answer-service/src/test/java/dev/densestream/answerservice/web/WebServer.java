package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running {@link TestApplication} and a client for it; the same for all tests that ask. */
final class WebServer implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final boolean temporary;
  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private WebServer(Path folder, boolean temporary, ConfigurableApplicationContext context) {
    this.folder = folder;
    this.temporary = temporary;
    this.context = context;
  }

  /** Starts one of its own, with settings of its own. */
  static WebServer start(String... settings) throws IOException {
    return start(Files.createTempDirectory("densestream-web-test"), true, settings);
  }

  /** Starts one of its own that keeps its files in a folder of the caller's. */
  static WebServer startIn(Path folder, String... settings) {
    return start(folder, false, settings);
  }

  private static WebServer start(Path folder, boolean temporary, String... settings) {
    SpringApplication application = new SpringApplication(TestApplication.class);
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("folder", new TestFolder(folder)));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--management.server.port=-1",
                "--densestream.web.heartbeat=700ms",
                "--densestream.web.body-idle=2s",
                "--densestream.clips.queued=3",
                "--densestream.clips.data-dir=" + folder));
    for (String setting : settings) { // given twice, both would be taken for a list
      arguments.removeIf(set -> set.startsWith(setting.split("=", 2)[0] + "="));
      arguments.add(setting);
    }
    try {
      return new WebServer(folder, temporary, application.run(arguments.toArray(String[]::new)));
    } catch (RuntimeException e) {
      delete(folder, temporary);
      throw e;
    }
  }

  private static void delete(Path folder, boolean temporary) {
    try {
      if (temporary) {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return requireNonNull(((ReactiveWebServerApplicationContext) context).getWebServer()).getPort();
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<Stream<String>> open(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))));
  }

  HttpResponse<String> upload(String path, byte[] content)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "video/mp4")
            .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).path("code").asString()).isEqualTo(code);
    assertThat(json(response).path("status").asInt()).isEqualTo(status);
    assertThat(json(response).path("detail").asString()).isNotBlank();
  }

  /** Waits for a condition; an assertion fails if it takes too long. */
  static void awaitUntil(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Files anywhere in this application's folders. */
  List<String> filesLeft() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(name -> !name.endsWith("lock") && !name.endsWith(".lock"))
          .toList();
    }
  }

  @Override
  public void close() {
    client.close();
    context.close();
    delete(folder, temporary);
  }

  /** Hands the shared server to test methods; closed when all tests are over. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
      return parameter.getParameter().getType() == WebServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
      return extension
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(
              "web-server",
              _ -> {
                try {
                  return start();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              WebServer.class);
    }
  }
}
