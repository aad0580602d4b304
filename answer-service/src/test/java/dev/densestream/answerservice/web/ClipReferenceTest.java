package dev.densestream.answerservice.web;

import static dev.densestream.answerservice.web.WebServer.assertProblem;
import static dev.densestream.answerservice.web.WebServer.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Clips that are somewhere else: fetched by the service, under its rules, each refusal with a code.
 */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
final class ClipReferenceTest {
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer site;
  private int closedPort;
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] cars =
        Files.readAllBytes(
            Path.of(System.getProperty("densestream.fixtures"), "media", "car-detection.mp4"));
    serve("/cars.mp4", cars);
    serve("/page.html", "<html>no video</html>".getBytes(UTF_8));
    serve("/large.mp4", new byte[(int) TestApplication.LARGEST_CLIP + (1 << 20)]);
    redirect("/moved", "/cars.mp4");
    redirect("/inward", "http://127.0.0.2:" + site.getAddress().getPort() + "/cars.mp4");
    redirect("/file", "file:///etc/passwd");
    redirect("/around", "/around");
    site.createContext(
        "/broken",
        exchange -> {
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    site.start();
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    server =
        WebServer.start(
            "--densestream.fetch.private-hosts=" + host() + ",127.0.0.1:" + closedPort,
            "--densestream.fetch.max-bytes=" + TestApplication.LARGEST_CLIP);
  }

  @AfterEach
  void stop() {
    server.close();
    site.stop(0);
  }

  @Test
  void captionsAClipSomewhereElse_alsoBehindARedirect() throws Exception {
    for (String path : List.of("/cars.mp4", "/moved")) {
      HttpResponse<String> accepted = take("http://" + host() + path);
      assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
      String id = json(accepted).path("id").asString();
      assertThat(server.open(server.request("/api/clips/" + id + "/events")).body().toList())
          .contains("event:done");
      assertThat(json(server.get("/api/clips/" + id + "/result")).path("captions").size())
          .isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void refusesWithACode_whatCannotOrMayNotBeFetched() throws Exception {
    assertRefused("http://127.0.0.1:" + closedPort + "/cars.mp4", 502, "fetch_failed");
    assertRefused("http://" + host() + "/broken", 502, "fetch_failed");
    assertRefused("http://" + host() + "/around", 502, "fetch_failed");
    assertRefused("http://" + host() + "/missing", 422, "not_found");
    assertRefused("http://" + host() + "/large.mp4", 413, "too_large");
    assertRefused("http://" + host() + "/page.html", 415, "not_a_video");
    assertRefused(
        "http://127.0.0.2:" + site.getAddress().getPort() + "/", 403, "forbidden_location");
    assertRefused("http://169.254.169.254/latest/meta-data/", 403, "forbidden_location");
    assertRefused("http://" + host() + "/inward", 403, "forbidden_location");
    assertRefused("http://" + host() + "/file", 403, "forbidden_location");
    assertThat(server.filesLeft()).isEmpty();
    // The control: the same door takes a video.
    assertThat(take("http://" + host() + "/cars.mp4").statusCode()).isEqualTo(202);
  }

  @Test
  void asksTheSourceForNothing_whereThereIsNoPlace() throws Exception {
    String url = "http://" + host() + "/cars.mp4";
    String gate = "gate reference " + UUID.randomUUID();
    try (WebServer full =
        WebServer.start(
            "--densestream.fetch.private-hosts=" + host(), "--densestream.clips.queued=1")) {
      HttpResponse<String> first =
          full.post("/api/clips", "{'url':'%s','question':'%s'}".formatted(url, gate));
      assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
      // The control: a place was free, and the source was asked once.
      assertThat(asked.get()).isEqualTo(1);
      assertProblem(full.post("/api/clips", "{'url':'" + url + "'}"), 429, "too_many_clips");
      assertThat(asked.get()).isEqualTo(1);
      ScriptedModel.open(gate);
    }
  }

  private void assertRefused(String url, int status, String code) throws Exception {
    HttpResponse<String> response = take(url);
    assertThat(json(response).path("code").asString()).as(url + response.body()).isEqualTo(code);
    assertProblem(response, status, code);
  }

  private HttpResponse<String> take(String url) throws Exception {
    return server.post("/api/clips", "{'url':'" + url + "'}");
  }

  private String host() {
    return "127.0.0.1:" + site.getAddress().getPort();
  }

  private void serve(String path, byte[] body) {
    site.createContext(
        path,
        exchange -> {
          asked.incrementAndGet();
          exchange.getResponseHeaders().set("Content-Type", "video/mp4");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private void redirect(String path, String to) {
    site.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }
}
