package dev.densestream.answerservice.web;

import static dev.densestream.answerservice.web.WebServer.assertProblem;
import static dev.densestream.answerservice.web.WebServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.job.ClipJob;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of accepted clips when workers fail, stop, start and are several; one real broker.
 */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
final class ClipJobsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private TopicCluster broker;
  private final List<WebServer> servers = new ArrayList<>();

  @BeforeEach
  void start() {
    broker = TopicCluster.connect(ClusterSettings.temporary(), new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() {
    servers.forEach(WebServer::close);
    broker.close();
  }

  @Test
  void triesAgain_whenTheWorkerBreaks() throws Exception {
    WebServer server = server("one");
    String id = upload(server, unique("throw 3"));
    await(() -> state(server, id).equals("done"));
    assertThat(answers(id))
        .singleElement()
        .satisfies(it -> assertThat(outcome(it)).isEqualTo("answered"));
    assertThat(deadLetters(id)).isEmpty();
    assertThat(taken(server, "release")).isEqualTo(3);
  }

  /** Another question may have used up what this one needed. */
  @Test
  void triesAgain_whenTheModelFailsForReasonsOfOurs_andNotForThoseOfTheClip() throws Exception {
    WebServer server = server("one");
    String id = upload(server, unique("memory 1"));
    await(() -> state(server, id).equals("done"));
    assertThat(deadLetters(id)).isEmpty();
    assertThat(taken(server, "release")).isEqualTo(1);

    String tooLong = upload(server, unique("fail"));
    await(() -> state(server, tooLong).equals("failed"));
    assertThat(answers(tooLong))
        .singleElement()
        .satisfies(it -> assertThat(code(it)).isEqualTo("context_too_long"));
    assertThat(taken(server, "release")).as("at once").isEqualTo(1);
  }

  @Test
  void givesUp_afterTheFourthDelivery() throws Exception {
    WebServer server = server("one");
    String id = upload(server, unique("throw 4"));
    await(() -> state(server, id).equals("failed"));
    assertProblem(server.get("/api/clips/" + id + "/result"), 422, "gave_up");
    assertThat(answers(id))
        .singleElement()
        .satisfies(it -> assertThat(code(it)).isEqualTo("gave_up"));
    assertThat(deadLetters(id))
        .singleElement()
        .satisfies(it -> assertThat(it.path("code").asString()).isEqualTo("gave_up"));
  }

  @Test
  void answersAsWithdrawn_whatIsDeletedWhileItRunsOrWaits() throws Exception {
    WebServer server = server("one");
    String gate = unique("gate");
    String running = upload(server, gate);
    await(() -> ScriptedModel.asked(gate) == 1);
    String waiting = upload(server, "Is it red?");
    assertThat(server.delete("/api/clips/" + waiting).statusCode()).isEqualTo(204);
    assertProblem(server.get("/api/clips/" + waiting), 404, "not_found");
    assertThat(server.delete("/api/clips/" + running).statusCode()).isEqualTo(204);
    for (String id : List.of(running, waiting)) {
      await(() -> !answers(id).isEmpty());
      assertThat(answers(id))
          .singleElement()
          .satisfies(it -> assertThat(code(it)).isEqualTo("withdrawn"));
      assertThat(deadLetters(id)).isEmpty();
      await(() -> server.filesLeft().stream().noneMatch(file -> file.contains(id)));
    }
  }

  @Test
  void answersOnce_howeverOftenTheJobIsOrdered() throws Exception {
    WebServer server = server("one");
    String gate = unique("gate");
    String id = upload(server, gate);
    order(id, gate);
    order(id, gate);
    ScriptedModel.open(gate);
    await(() -> state(server, id).equals("done"));
    order(id, gate);
    await(() -> taken(server, "accept") == 4);
    // Also when the clip, and all that was remembered of it, is gone.
    assertThat(server.delete("/api/clips/" + id).statusCode()).isEqualTo(204);
    order(id, gate);
    await(() -> taken(server, "accept") == 5);
    assertThat(answers(id)).hasSize(1);
    assertThat(ScriptedModel.asked(gate)).isEqualTo(1);
  }

  @Test
  void answersOnce_whenTwoProcessesWorkOnTheSameClip() throws Exception {
    WebServer one = server("shared", "--densestream.clips.shared=true");
    String gate = unique("gate");
    String id = upload(one, gate);
    await(() -> ScriptedModel.asked(gate) == 1);
    WebServer two = server("shared", "--densestream.clips.shared=true");
    order(id, gate);
    await(() -> ScriptedModel.asked(gate) == 2);
    ScriptedModel.open(gate);
    await(() -> taken(one, "accept") + taken(two, "accept") == 2);
    await(() -> state(one, id).equals("done") && state(two, id).equals("done"));
    assertThat(answers(id)).hasSize(1);
  }

  @Test
  void worksOnIt_whereverThereIsTime_whenTheFolderIsShared() throws Exception {
    WebServer one = server("shared", "--densestream.clips.shared=true");
    String gate = unique("gate");
    String busy = upload(one, gate);
    await(() -> ScriptedModel.asked(gate) == 1);
    WebServer two = server("shared", "--densestream.clips.shared=true");
    String id = upload(one, "What is it?");
    // Whoever is asked tells the same, though only the second can have worked on it.
    List<String> events = one.open(one.request("/api/clips/" + id + "/events")).body().toList();
    assertThat(events).contains("event:done");
    for (WebServer server : List.of(one, two)) {
      assertThat(
              json(server.get("/api/clips/" + id + "/result"))
                  .path("answer")
                  .path("text")
                  .asString())
          .contains("What is it?");
      assertThat(server.get("/api/clips/" + id + "/media").statusCode()).isEqualTo(200);
      assertThat(json(server.get("/api/clips")).path("clips").size()).isEqualTo(2);
    }
    assertThat(outcomes(two, "done")).isEqualTo(1);
    assertThat(outcomes(one, "done")).isZero();
    // And what runs on the first can be deleted by way of the second.
    assertThat(two.delete("/api/clips/" + busy).statusCode()).isEqualTo(204);
    await(() -> !answers(busy).isEmpty());
    assertThat(answers(busy))
        .singleElement()
        .satisfies(it -> assertThat(code(it)).isEqualTo("withdrawn"));
    await(() -> one.get("/api/clips/" + busy).statusCode() == 404);
    await(() -> two.get("/api/clips/" + busy).statusCode() == 404);
  }

  @Test
  void cannotFindIt_whenEachHasAFolderOfItsOwn() throws Exception {
    WebServer one = server("one");
    String gate = unique("gate");
    upload(one, gate);
    await(() -> ScriptedModel.asked(gate) == 1);
    server("two");
    String id = upload(one, "What is it?");
    await(() -> !answers(id).isEmpty());
    assertThat(answers(id))
        .singleElement()
        .satisfies(it -> assertThat(code(it)).isEqualTo("clip_not_found"));
    assertThat(deadLetters(id)).hasSize(1);
  }

  @Test
  void anotherGoesOn_whenTheWorkersProcessStops() throws Exception {
    WebServer one = server("shared", "--densestream.clips.shared=true");
    String gate = unique("gate");
    String id = upload(one, gate);
    await(() -> ScriptedModel.asked(gate) == 1);
    WebServer other = server("shared", "--densestream.clips.shared=true");
    servers.remove(one);
    one.close();
    // Before the lock of 30 s has run out: the job was handed back.
    await(() -> ScriptedModel.asked(gate) == 2);
    ScriptedModel.open(gate);
    await(() -> state(other, id).equals("done"));
    assertThat(answers(id)).hasSize(1);
  }

  @Test
  void goesOnAfterARestart_andStillHasWhatWasFinished() throws Exception {
    WebServer before = server("one");
    String finished = upload(before, "Is it red?");
    await(() -> state(before, finished).equals("done"));
    String gate = unique("gate");
    String id = upload(before, gate);
    await(() -> ScriptedModel.asked(gate) == 1);
    String result = before.get("/api/clips/" + finished + "/result").body();
    servers.remove(before);
    before.close();
    ScriptedModel.open(gate);
    WebServer after = server("one");
    await(() -> state(after, id).equals("done"));
    assertThat(after.get("/api/clips/" + finished + "/result").body()).isEqualTo(result);
    assertThat(answers(id)).hasSize(1);
    assertThat(answers(finished)).hasSize(1);
  }

  @Test
  void refusesWhatWouldHaveToWaitTooLong_untilThereIsRoom() throws Exception {
    WebServer server = server("one", "--densestream.clips.queued=1");
    String gate = unique("gate");
    String id = upload(server, gate);
    HttpResponse<String> refused = server.upload("/api/clips", cars());
    assertProblem(refused, 429, "too_many_clips");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("15");
    ScriptedModel.open(gate);
    await(() -> state(server, id).equals("done"));
    assertThat(server.upload("/api/clips", cars()).statusCode()).isEqualTo(202);
  }

  @Test
  void refusesWhatDoesNotFitBesideTheOthers_untilOneIsDeleted() throws Exception {
    WebServer server =
        server("one", "--densestream.clips.max-stored=" + (cars().length + (4 << 20)));
    List<String> ids = new ArrayList<>();
    HttpResponse<String> last = server.upload("/api/clips", cars());
    while (last.statusCode() == 202) {
      ids.add(json(last).path("id").asString());
      await(() -> state(server, ids.getLast()).equals("done"));
      last = server.upload("/api/clips", cars());
    }
    assertProblem(last, 507, "no_space");
    assertThat(last.headers().firstValue("Retry-After")).hasValue("60");
    assertThat(server.delete("/api/clips/" + ids.getFirst()).statusCode()).isEqualTo(204);
    assertThat(server.upload("/api/clips", cars()).statusCode()).isEqualTo(202);
  }

  private WebServer server(String name, String... settings) throws IOException {
    Path data = Files.createDirectories(folder.resolve(name));
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("--densestream.kafka.bootstrap-servers=" + broker.bootstrapServers());
    WebServer server = WebServer.startIn(data, all.toArray(String[]::new));
    servers.add(server);
    return server;
  }

  private static String unique(String question) {
    return question + " " + UUID.randomUUID();
  }

  private static String upload(WebServer server, String question) throws Exception {
    String query = "question=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
    HttpResponse<String> accepted = server.upload("/api/clips?" + query, cars());
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    return json(accepted).path("id").asString();
  }

  /** One more order for the same clip, as a queue may deliver it. */
  private void order(String clip, String question) {
    byte[] job = new ClipJob(clip, question, 10_000, 64, Instant.now()).toJson();
    broker.publish(new TopicRecord(broker.topics().clips(), clip, job, Map.of())).block(PATIENCE);
  }

  private static String state(WebServer server, String id) throws Exception {
    return json(server.get("/api/clips/" + id)).path("state").asString("");
  }

  private static double taken(WebServer server, String outcome) {
    return count(server, "densestream.ingest.clips", outcome);
  }

  private static double outcomes(WebServer server, String outcome) {
    return count(server, "densestream.clips.jobs", outcome);
  }

  private static double count(WebServer server, String counter, String outcome) {
    return server.bean(MeterRegistry.class).counter(counter, "outcome", outcome).count();
  }

  private List<JsonNode> answers(String clip) {
    return records(broker.topics().answers(), clip);
  }

  private List<JsonNode> deadLetters(String clip) {
    return records(broker.topics().deadLetters(), clip);
  }

  /** All that is visible of a clip now, to the last record. */
  private List<JsonNode> records(String topic, String clip) {
    List<JsonNode> seen = new CopyOnWriteArrayList<>();
    TopicTable<Boolean> reader =
        broker.table(topic, (_, value) -> seen.add(WebServer.JSON.readTree(value)));
    try (reader) {
      reader.caughtUp().block(PATIENCE);
      return seen.stream()
          .filter(
              it ->
                  List.of(it.path("source").asString(""), it.path("clip").asString("")).stream()
                      .anyMatch(of -> of.endsWith(clip)))
          .toList();
    }
  }

  private static String outcome(JsonNode answer) {
    return answer.path("data").path("outcome").asString();
  }

  private static String code(JsonNode answer) {
    return answer.path("data").path("code").asString();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static byte[] cars() throws IOException {
    return Files.readAllBytes(
        Path.of(System.getProperty("densestream.fixtures"), "media", "car-detection.mp4"));
  }
}
