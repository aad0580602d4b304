package dev.densestream.answerservice.web;

import static dev.densestream.answerservice.web.WebServer.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

@ExtendWith(WebServer.Shared.class)
final class AccessTest {
  private static final String KEY = "correct horse battery staple";

  @Test
  void everyRouteButTheHealthAsksForAKey_whenKeysAreConfigured(WebServer server) {
    AccessFilter filter = new AccessFilter(withKey(), false);
    for (String route : RoutesTest.routes(server)) {
      String path = route.substring(route.indexOf(' ') + 1).replace("{id}", "a");
      assertThat(passes(filter, MockServerHttpRequest.get(path))).as(route).isFalse();
      assertThat(passes(filter, MockServerHttpRequest.get(path).header("X-API-Key", KEY)))
          .as(route)
          .isTrue();
    }
    for (String path :
        List.of("/", "/page.js", "/openapi.json", "/actuator/prometheus", "/actuator/healthy")) {
      assertThat(passes(filter, MockServerHttpRequest.get(path))).as(path).isFalse();
    }
    assertThat(passes(filter, MockServerHttpRequest.get("/actuator/health/liveness"))).isTrue();
  }

  @Test
  void takesAKey_inAnyOfItsPlaces_andNoOtherKey() {
    AccessFilter filter = new AccessFilter(withKey(), false);
    String basic = Base64.getEncoder().encodeToString(("me:" + KEY).getBytes(UTF_8));
    assertThat(passes(filter, get().header("Authorization", "Bearer " + KEY))).isTrue();
    assertThat(passes(filter, get().header("Authorization", "Basic " + basic))).isTrue();
    for (String wrong :
        List.of(
            "Bearer ", "Bearer " + KEY + "x", "Basic x", "Basic " + KEY, KEY, "Bearer " + hash())) {
      assertThat(passes(filter, get().header("Authorization", wrong))).as(wrong).isFalse();
    }
  }

  @Test
  void servesOnlyOwnNamesOfThisMachine_withoutKeys(WebServer server) throws Exception {
    assertThat(statusFor(server, "Host: attacker.example")).contains(" 403 ");
    assertThat(statusFor(server, "Host: 127.0.0.1:" + server.port())).contains(" 200 ");
  }

  @Test
  void refusesChangesAskedForByOtherPages(WebServer server) throws Exception {
    HttpRequest.Builder foreign =
        server
            .request("/api/clips")
            .header("Origin", "https://attacker.example")
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("x"));
    assertProblem(server.send(foreign), 403, "cross_origin");
    HttpRequest.Builder own =
        server
            .request("/api/questions")
            .header("Origin", "http://localhost:" + server.port())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertProblem(server.send(own), 400, "invalid_request");
  }

  @Test
  void doesNotStart_whenStrangersCouldCallWithoutAKey() throws IOException {
    assertThatThrownBy(() -> WebServer.start("--server.address=0.0.0.0").close())
        .hasRootCauseInstanceOf(InvalidConfigurationPropertyValueException.class)
        .rootCause()
        .extracting(error -> ((InvalidConfigurationPropertyValueException) error).getReason())
        .asString()
        .contains("densestream.security.api-keys");
  }

  @Test
  void refusesAKeyInTheClear_withoutRepeatingIt() {
    assertThatThrownBy(() -> new AccessSettings(Map.of("me", KEY), false))
        .hasMessageContaining("SHA-256")
        .hasMessageNotContaining(KEY);
  }

  private static MockServerHttpRequest.BaseBuilder<?> get() {
    return MockServerHttpRequest.get("/api/streams");
  }

  private static boolean passes(AccessFilter filter, MockServerHttpRequest.BaseBuilder<?> request) {
    boolean[] passed = {false};
    filter
        .filter(MockServerWebExchange.from(request), _ -> Mono.fromRunnable(() -> passed[0] = true))
        .onErrorComplete(ProblemException.class)
        .block();
    return passed[0];
  }

  private static AccessSettings withKey() {
    return new AccessSettings(Map.of("me", hash()), false);
  }

  private static String hash() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String statusFor(WebServer server, String host) throws IOException {
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(("GET /api/questions HTTP/1.1\r\n" + host + "\r\n\r\n").getBytes(UTF_8));
      byte[] start = socket.getInputStream().readNBytes(20);
      return new String(start, UTF_8);
    }
  }
}
