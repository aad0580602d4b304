package dev.densestream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.DenseStreamApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;

/** The whole application with its demo: it becomes ready, answers, and every stage is measured. */
class ApplicationIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static ConfigurableApplicationContext application;
  private static String port;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    application =
        DenseStreamApplication.run(
            "--densestream.demo=true", "--server.port=0", "--management.server.port=0");
    port = application.getEnvironment().getRequiredProperty("local.management.port");
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
