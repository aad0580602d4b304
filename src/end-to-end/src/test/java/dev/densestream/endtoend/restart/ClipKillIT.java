package dev.densestream.endtoend.restart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicTable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that works on an accepted clip is killed with signal 9. Another goes on from the
 * shared folder; what was finished before is still there; each answer is visible once.
 */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class ClipKillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern WEB = Pattern.compile("Netty started on port (\\d+)");
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]+)\"");
  private static final int LONG_JOB_WINDOW_MILLIS = 100;

  @TempDir private Path folder;

  @Test
  void goesOnElsewhere_whenTheWorkerIsKilled() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker.log"));
        TopicCluster cluster = KillRestartIT.connect(broker);
        HttpClient http = HttpClient.newHttpClient()) {
      String finished;
      String running;
      try (ServiceProcess first = start(broker, "first")) {
        String web = web("first");
        finished = upload(http, web, "windowMillis=10000");
        awaitState(http, web, finished, "done");
        running = upload(http, web, "maxTokens=16&windowMillis=" + LONG_JOB_WINDOW_MILLIS);
        awaitText(http, web, running);
        first.kill();
      }
      assertThat(answers(cluster, running)).as("written before it was all done").isEmpty();
      try (ServiceProcess _ = start(broker, "second")) {
        String web = web("second");
        awaitState(http, web, running, "done");
        assertThat(get(http, web, "/api/clips/" + finished + "/result?format=vtt"))
            .startsWith("WEBVTT");
        String result = get(http, web, "/api/clips/" + running + "/result?format=srt");
        long captions = result.lines().filter(line -> line.contains("-->")).count();
        assertThat(answers(cluster, running)).hasSize((int) captions).doesNotHaveDuplicates();
        assertThat(answers(cluster, finished)).doesNotHaveDuplicates().isNotEmpty();
      }
    }
  }

  private ServiceProcess start(BrokerProcess broker, String name) throws IOException {
    return ServiceProcess.start(
        broker.bootstrapServers(),
        name,
        folder.resolve(name + ".log"),
        "densestream.clips.shared=true",
        "densestream.clips.data-dir=" + folder.resolve("clips"));
  }

  private String web(String name) {
    Path log = folder.resolve(name + ".log");
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Matcher port = WEB.matcher(Files.readString(log));
              return port.find() ? "http://127.0.0.1:" + port.group(1) : "";
            },
            found -> !found.isEmpty());
  }

  private static String upload(HttpClient http, String web, String query) throws Exception {
    Path clip = Path.of(System.getProperty("densestream.fixtures"), "media", "car-detection.mp4");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(web + "/api/clips?" + query))
            .header("Content-Type", "video/mp4")
            .POST(HttpRequest.BodyPublishers.ofFile(clip))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    Matcher id = ID.matcher(response.body());
    assertThat(id.find()).as(response.body()).isTrue();
    return id.group(1);
  }

  private static void awaitState(HttpClient http, String web, String id, String state) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> get(http, web, "/api/clips/" + id).contains("\"state\":\"" + state + "\""));
  }

  /** Until the job has made a few of its captions, and is far from all of them. */
  private static void awaitText(HttpClient http, String web, String id) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              String status = get(http, web, "/api/clips/" + id);
              assertThat(status).as("killed too late").doesNotContain("\"done\"");
              return status.contains("running") && !status.contains("\"texts\":0");
            });
  }

  private static String get(HttpClient http, String web, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(web + path)).timeout(PATIENCE).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** All that is visible of one clip. */
  private static List<String> answers(TopicCluster cluster, String clip) {
    List<String> seen = new CopyOnWriteArrayList<>();
    TopicTable<Boolean> reader =
        cluster.table(cluster.topics().answers(), (_, value) -> seen.add(new String(value, UTF_8)));
    try (reader) {
      reader.caughtUp().block(PATIENCE);
      return seen.stream()
          .filter(text -> text.contains("/clips/" + clip))
          .map(text -> text.replaceFirst("\"time\":\"[^\"]*\"", ""))
          .toList();
    }
  }
}
