package dev.densestream.answerservice.web;

import static dev.densestream.answerservice.web.WebServer.assertProblem;
import static dev.densestream.answerservice.web.WebServer.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.StreamActivity;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(WebServer.Shared.class)
final class StreamsAndQuestionsTest {
  @Test
  void refusesSecondStreamOfOneName_untilTheFirstIsDeleted(WebServer server) throws Exception {
    HttpResponse<String> added = server.post("/api/streams", "{'id':'twice','sampling':'fps:2'}");
    assertThat(added.statusCode()).isEqualTo(201);
    assertThat(added.headers().firstValue("Location")).hasValue("/api/streams/twice");
    assertProblem(server.post("/api/streams", "{'id':'twice'}"), 409, "duplicate_stream");
    assertThat(server.delete("/api/streams/twice").statusCode()).isEqualTo(204);
    assertProblem(server.delete("/api/streams/twice"), 404, "not_found");
    assertThat(server.post("/api/streams", "{'id':'twice'}").statusCode()).isEqualTo(201);
    assertThat(server.delete("/api/streams/twice").statusCode()).isEqualTo(204);
  }

  @Test
  void showsCountsAndLatestFrame_ofStreamFedFromOutside(WebServer server) throws Exception {
    StreamActivity activity = server.bean(StreamActivity.class);
    StreamId id = new StreamId("outside");
    byte[] red = new byte[8 * 6 * 3];
    for (int at = 0; at < red.length; at += 3) {
      red[at] = (byte) 255;
    }
    activity.sampled(id, new Frame(40_000, 8, 6, red));
    activity.counted(id, new FrameCounts(10, 3, 5, Map.of(DropReason.CORRUPT, 2L)));

    JsonNode listed = json(server.get("/api/streams"));
    assertThat(listed.path("lag").asLong()).isNotNegative();
    JsonNode stream =
        listed
            .path("streams")
            .valueStream()
            .filter(one -> "outside".equals(one.path("id").asString()))
            .findFirst()
            .orElseThrow();
    assertThat(stream.path("defined").asBoolean()).isFalse();
    assertThat(stream.path("frames").path("seen").asInt()).isEqualTo(10);
    assertThat(stream.path("frames").path("dropped").path("corrupt").asInt()).isEqualTo(2);
    assertThat(stream.path("latest").path("ptsMicros").asLong()).isEqualTo(40_000);

    try (HttpClient client = HttpClient.newHttpClient()) {
      var jpeg =
          client.send(
              HttpRequest.newBuilder(server.uri("/api/streams/outside/frame.jpg")).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(jpeg.headers().firstValue("Content-Type")).hasValue("image/jpeg");
      var picture = ImageIO.read(new ByteArrayInputStream(jpeg.body()));
      assertThat(picture.getWidth()).isEqualTo(8);
      assertThat(picture.getRGB(4, 3) >> 16 & 0xff).isGreaterThan(240);
      assertThat(picture.getRGB(4, 3) & 0xff).isLessThan(15);
    }
    assertProblem(server.get("/api/streams/nobody/frame.jpg"), 404, "not_found");
  }

  /** By the frame's own size, though only a small picture of it is kept. */
  @Test
  void showsALargeFrameSmall_andForgetsItWithItsStream(WebServer server) throws Exception {
    StreamId id = new StreamId("large");
    assertThat(server.post("/api/streams", "{'id':'large'}").statusCode()).isEqualTo(201);
    server
        .bean(StreamActivity.class)
        .sampled(id, new Frame(0, 1280, 960, new byte[1280 * 960 * 3]));
    assertThat(json(server.get("/api/streams")).path("streams").valueStream())
        .anySatisfy(
            one -> {
              assertThat(one.path("id").asString()).isEqualTo("large");
              assertThat(one.path("latest").path("width").asInt()).isEqualTo(1280);
              assertThat(one.path("latest").path("height").asInt()).isEqualTo(960);
            });
    var picture = ImageIO.read(server.uri("/api/streams/large/frame.jpg").toURL());
    assertThat(picture.getWidth()).isEqualTo(640);
    assertThat(picture.getHeight()).isEqualTo(480);
    assertThat(server.delete("/api/streams/large").statusCode()).isEqualTo(204);
    assertProblem(server.get("/api/streams/large/frame.jpg"), 404, "not_found");
  }

  @Test
  void versionsGrow_evenOverDeletion(WebServer server) throws Exception {
    String question = "{'id':'cars','text':'How many cars?','window':{'lengthMillis':2000}}";
    HttpResponse<String> first = server.post("/api/questions", question);
    assertThat(first.statusCode()).isEqualTo(201);
    HttpResponse<String> second = server.post("/api/questions", question);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(server.delete("/api/questions/cars").statusCode()).isEqualTo(204);
    HttpResponse<String> third = server.post("/api/questions", question);
    assertThat(third.statusCode()).isEqualTo(201);
    assertThat(
            java.util.stream.Stream.of(first, second, third)
                .map(response -> json(response).path("version").asLong())
                .toList())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(json(server.get("/api/questions")).path("questions").valueStream())
        .anyMatch(one -> one.path("text").asString().equals("How many cars?"));
    assertThat(server.delete("/api/questions/cars").statusCode()).isEqualTo(204);
    assertProblem(server.delete("/api/questions/cars"), 404, "not_found");
  }

  /** A frame costs two visual tokens here. */
  @Test
  void refusesAQuestionThatMaySeeNothing_atTheDoor(WebServer server) throws Exception {
    String question =
        "{'id':'tight','text':'Red?','window':{'lengthMillis':2000},'maxVisualTokens':%d}";
    assertProblem(
        server.post("/api/questions", question.formatted(1)), 422, "visual_tokens_too_few");
    assertProblem(server.post("/api/questions", question.formatted(0)), 400, "invalid_request");
    HttpResponse<String> accepted = server.post("/api/questions", question.formatted(2));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(201);
    assertThat(json(accepted).path("maxVisualTokens").asInt()).isEqualTo(2);
    assertThat(server.delete("/api/questions/tight").statusCode()).isEqualTo(204);
  }

  @Test
  void keepsTheFormatOfAnswers_andRefusesWhatCannotBe(WebServer server) throws Exception {
    String question =
        "{'id':'form','text':'Which?','window':{'lengthMillis':2000},'answerFormat':%s}";
    for (String format :
        List.of(
            "{'type':'yesNo'}",
            "{'type':'choices','choices':['red','green']}",
            "{'type':'jsonSchema','schema':{'type':'object','properties':{'n':{'type':'integer'}}}}")) {
      HttpResponse<String> made = server.post("/api/questions", question.formatted(format));
      assertThat(made.statusCode()).as(made.body()).isIn(200, 201);
      assertThat(json(made).path("answerFormat").toString().replace('"', '\'')).isEqualTo(format);
    }
    assertThat(server.delete("/api/questions/form").statusCode()).isEqualTo(204);
    assertProblem(
        server.post("/api/questions", question.formatted("{'type':'number'}")),
        400,
        "invalid_request");
    assertProblem(
        server.post("/api/questions", question.formatted("{'type':'choices','choices':['a','a']}")),
        400,
        "invalid_choices");
    assertProblem(
        server.post(
            "/api/questions",
            question.formatted("{'type':'jsonSchema','schema':{'type':'string','pattern':'a'}}")),
        400,
        "unsupported_schema");
  }

  @Test
  void givesUpABody_thatStalls(WebServer server) throws Exception {
    for (String path : List.of("/api/streams", "/api/questions", "/v1/chat/completions")) {
      try (SlowSender sender = new SlowSender(server, path, "application/json")) {
        assertThat(sender.status()).as(path).contains("408");
      }
    }
    // The control: uploads have always been given up so.
    try (SlowSender sender = new SlowSender(server, "/api/clips", "video/mp4")) {
      assertThat(sender.status()).contains("408");
    }
  }

  @Test
  void passesOverRecords_whoseKeyIsNotTheirId(WebServer server) throws Exception {
    TopicCluster cluster = server.bean(TopicCluster.class);
    String question = "{'id':'other','text':'How many?','window':{'lengthMillis':2000}}";
    publish(cluster, cluster.topics().streams(), "gate 1", "{'id':'gate-1'}");
    publish(cluster, cluster.topics().streams(), "gate-2", "{'id':'gate-1'}");
    publish(cluster, cluster.topics().questions(), "mine", question);
    HttpResponse<String> listed = server.get("/api/streams");
    assertThat(listed.statusCode()).as(listed.body()).isEqualTo(200);
    assertThat(listed.body()).doesNotContain("gate 1", "gate-1", "gate-2");
    assertThat(server.get("/api/questions").body()).doesNotContain("other");

    // The control: under their own keys they are there.
    publish(cluster, cluster.topics().streams(), "gate-1", "{'id':'gate-1'}");
    publish(cluster, cluster.topics().questions(), "other", question);
    assertThat(server.get("/api/streams").body()).contains("gate-1");
    assertThat(server.get("/api/questions").body()).contains("other");
    assertThat(server.delete("/api/streams/gate-1").statusCode()).isEqualTo(204);
    assertThat(server.delete("/api/questions/other").statusCode()).isEqualTo(204);
  }

  private static void publish(TopicCluster cluster, String topic, String key, String value) {
    byte[] json = value.replace('\'', '"').getBytes(UTF_8);
    cluster.publish(new TopicRecord(topic, key, json, Map.of())).block(WebServer.PATIENCE);
  }

  @Test
  void refusesOneQuestionMore_thanAStreamIsAsked() throws Exception {
    try (WebServer server = WebServer.start()) {
      for (int i = 0; i < 60; i++) {
        assertThat(ask(server, "q" + i, "full").statusCode()).isEqualTo(201);
      }
      for (int i = 60; i < 64; i++) {
        assertThat(ask(server, "q" + i, "*").statusCode()).isEqualTo(201);
      }
      assertProblem(ask(server, "late", "full"), 409, "too_many_questions");
      assertProblem(ask(server, "late", "*"), 409, "too_many_questions");
      // The controls: what is there may change, and other streams have room.
      assertThat(ask(server, "q0", "full").statusCode()).isEqualTo(200);
      assertThat(ask(server, "q63", "*").statusCode()).isEqualTo(200);
      assertThat(ask(server, "elsewhere", "empty").statusCode()).isEqualTo(201);
      assertProblem(ask(server, "elsewhere", "full"), 409, "too_many_questions");
      assertThat(server.delete("/api/questions/q0").statusCode()).isEqualTo(204);
      assertThat(ask(server, "late", "full").statusCode()).isEqualTo(201);
    }
  }

  private static HttpResponse<String> ask(WebServer server, String id, String stream)
      throws Exception {
    return server.post(
        "/api/questions",
        "{'id':'%s','stream':'%s','text':'How many?','window':{'lengthMillis':2000}}"
            .formatted(id, stream));
  }

  @Test
  void refusesSampling_thatNobodyUnderstands(WebServer server) throws Exception {
    String stream = "{'id':'sampled','sampling':'%s'}";
    for (String sampling : List.of("fps:0", "1fps", "scene:2/1s")) {
      HttpResponse<String> refused = server.post("/api/streams", stream.formatted(sampling));
      assertProblem(refused, 400, "invalid_request");
      assertThat(json(refused).path("detail").asString()).contains(sampling, "fps:1", "keyframes");
    }
    assertThat(server.post("/api/streams", stream.formatted("fps:2")).statusCode()).isEqualTo(201);
    assertThat(server.delete("/api/streams/sampled").statusCode()).isEqualTo(204);
  }

  @Test
  void refusesMediaTypes_thatAreNone(WebServer server) throws Exception {
    for (String path :
        List.of("/api/streams", "/api/questions", "/api/clips", "/v1/chat/completions")) {
      HttpResponse<String> refused =
          server.send(
              server
                  .request(path)
                  .header("Content-Type", "json")
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));
      assertThat(refused.statusCode()).as(path + refused.body()).isEqualTo(415);
      assertThat(refused.body()).contains("unsupported_media_type");
    }
    for (String path : List.of("/api/streams", "/api/clips/none/result", "/v1/models")) {
      HttpResponse<String> refused = server.send(server.request(path).header("Accept", "json"));
      assertThat(refused.statusCode()).as(path + refused.body()).isEqualTo(406);
      assertThat(refused.body()).contains("not_acceptable");
    }
    // The control: media types that there are.
    assertThat(
            server
                .send(server.request("/api/streams").header("Accept", "application/json"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesMalformedBodies_inOurOwnWords(WebServer server) throws Exception {
    assertProblem(server.post("/api/streams", "{'id':'a/b'}"), 400, "invalid_request");
    assertProblem(server.post("/api/streams", "{'id':"), 400, "invalid_request");
    assertProblem(server.post("/api/questions", "[]"), 400, "invalid_request");
    assertProblem(server.post("/api/questions", "{'text':'x'}"), 400, "invalid_request");
    assertProblem(
        server.post("/api/streams", "{'id':'" + "a".repeat(70_000) + "'}"), 413, "body_too_large");
    assertProblem(
        server.send(
            server
                .request("/api/streams")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"a\"}"))),
        415,
        "unsupported_media_type");
    assertProblem(server.get("/nothing/here"), 404, "not_found");
    assertProblem(
        server.send(
            server.request("/api/streams").method("PUT", HttpRequest.BodyPublishers.noBody())),
        405,
        "method_not_allowed");
    assertThat(server.post("/api/streams", "{'id':'a','pace':'x<y'}").body())
        .doesNotContain("jackson", "Exception", "tools.", "dev.densestream");
  }
}
