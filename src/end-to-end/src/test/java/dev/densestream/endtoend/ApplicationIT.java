package dev.densestream.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.DenseStreamApplication;
import dev.densestream.endtoend.truth.DemoClip;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole application with its demo: it becomes ready, answers, and every stage is measured. */
class ApplicationIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * Captions of the recorded clip that must be true: what the model reaches, 8 of 10, less one,
   * which rounding on another processor may change.
   */
  private static final double REQUIRED = 0.7;

  private static ConfigurableApplicationContext application;
  private static String port;
  private static String webPort;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    application =
        DenseStreamApplication.run(
            "--densestream.demo=true", "--server.port=0", "--management.server.port=0");
    port = application.getEnvironment().getRequiredProperty("local.management.port");
    webPort = application.getEnvironment().getRequiredProperty("local.server.port");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @Test
  void becomesReadyAndMeasuresEveryStage_whileTheDemoRuns() {
    await("/actuator/health/readiness", "\"status\":\"UP\"}");
    String metrics =
        await("/actuator/prometheus", "densestream_answers_total{outcome=\"answered\"} ");

    assertThat(metrics.lines().filter(line -> line.startsWith("densestream_")).toList())
        .anyMatch(line -> line.matches("densestream_answers_total\\{outcome=\"answered\"} [1-9].*"))
        .anyMatch(line -> line.matches("densestream_ingest_lag_records .*"))
        .anyMatch(line -> line.matches("densestream_segments_total\\{verdict=\"decoded\"} [1-9].*"))
        .anyMatch(line -> line.matches("densestream_frames_total\\{.*\"sampled\".*} [1-9].*"))
        .anyMatch(line -> line.matches("densestream_encode_batch_count [1-9].*"))
        .anyMatch(line -> line.matches("densestream_encode_time_seconds_count.* [1-9].*"))
        .anyMatch(line -> line.matches("densestream_language_prefill_tokens_total.* [1-9].*"))
        .anyMatch(line -> line.matches("densestream_language_decode_tokens_total.* [1-9].*"))
        .anyMatch(line -> line.matches("densestream_language_ttft_seconds_count.* [1-9].*"))
        .anyMatch(line -> line.matches("densestream_queue_bytes\\{queue=\"windows\"} [0-9].*"))
        .anyMatch(line -> line.matches("densestream_windows_total\\{ending=\"complete\"} [1-9].*"));
  }

  @Test
  void captionsTheDemosClip_withWhatHappensInIt() throws Exception {
    JsonNode captions = captions(DemoClip.NAME + ".mp4");
    DemoClip clip = DemoClip.read();

    assertThat(captions)
        .extracting(caption -> caption.path("startMicros").asLong())
        .containsExactlyElementsOf(
            LongStream.range(0, 10).map(window -> window * 4_000_000).boxed().toList());
    double most = (1 - REQUIRED) * captions.size();
    List<String> untrue = clip.untrue(captions, 0);
    assertThat((double) untrue.size()).as(untrue.toString()).isLessThanOrEqualTo(most);
    // The control: of the scene behind it the same captions are not true.
    assertThat((double) clip.untrue(captions, 1).size()).isGreaterThan(most);
  }

  /** Of the clip of that name, once it is done. */
  private JsonNode captions(String name) {
    return requireNonNull(
            Mono.fromCallable(() -> JsonMapper.shared().readTree(web("/api/clips")))
                .flatMapIterable(list -> list.path("clips"))
                .filter(one -> one.path("name").asString("").equals(name))
                .filter(one -> one.path("state").asString().equals("done"))
                .next()
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(250)))
                .map(one -> "/api/clips/" + one.path("id").asString() + "/result?format=json")
                .flatMap(result -> Mono.fromCallable(() -> web(result)))
                .map(JsonMapper.shared()::readTree)
                .block(PATIENCE))
        .path("captions");
  }

  private String web(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + webPort + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void showsOnlyHealthAndMetrics_onTheManagementPort() throws Exception {
    assertThat(get("/actuator/env").statusCode()).isEqualTo(404);
    assertThat(get("/actuator/heapdump").statusCode()).isEqualTo(404);
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(get("/actuator/health/liveness").body()).contains("modelCall");
  }

  /** The body, once it holds {@code text} with more than a zero behind it. */
  private String await(String path, String text) {
    String body =
        Mono.fromCallable(() -> get(path).body())
            .repeatWhen(again -> again.delayElements(Duration.ofMillis(250)))
            .takeUntil(found -> found.contains(text) && !found.contains(text + "0.0"))
            .blockLast(PATIENCE);
    return body == null ? "" : body;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
