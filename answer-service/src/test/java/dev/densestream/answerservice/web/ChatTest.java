package dev.densestream.answerservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(WebServer.Shared.class)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
final class ChatTest {
  @Test
  void answersAboutPicturesAndVideos(WebServer server) throws Exception {
    String message =
        """
        {'role':'user','content':[
          {'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}},
          {'type':'video_url','video_url':{'url':'data:video/mp4;base64,%s'}},
          {'type':'text','text':'How many?'}]}"""
            .formatted(picture(), video());
    HttpResponse<String> response =
        server.post(
            "/v1/chat/completions",
            "{'model':'scripted','messages':[{'role':'system','content':'Be brief.'},"
                + message
                + "]}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = WebServer.json(response);
    JsonNode choice = answer.path("choices").path(0);
    // One picture and the four frames the model is meant to see of the video.
    assertThat(choice.path("message").path("content").asString())
        .startsWith("saw 5 frames: Be brief.\nHow many?");
    assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
    assertThat(answer.path("usage").path("total_tokens").asInt()).isEqualTo(10);
    assertThat(answer.path("object").asString()).isEqualTo("chat.completion");
  }

  @Test
  void seesFewerFrames_whenFewerVisualTokensAreAllowed(WebServer server) throws Exception {
    String body =
        "{'mm_processor_kwargs':{'max_visual_tokens':%d},'messages':[{'role':'user','content':["
            + "{'type':'image_url','image_url':{'url':'data:image/png;base64,"
            + picture()
            + "'}},{'type':'video_url','video_url':{'url':'data:video/mp4;base64,"
            + video()
            + "'}},{'type':'text','text':'How many?'}]}]}";
    HttpResponse<String> response = server.post("/v1/chat/completions", body.formatted(8));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = WebServer.json(response);
    // Shares of four, at two tokens a frame: the picture, and two of the video's frames.
    assertThat(answer.at("/choices/0/message/content").asString()).startsWith("saw 3 frames");
    assertThat(answer.at("/usage/prompt_tokens_details/visual_tokens").isInt()).isTrue();
    assertError(server, body.formatted(3), 422, "visual_tokens_too_few");
    assertError(server, body.formatted(0), 400, "invalid_request");
  }

  @Test
  void streamsChunks_withUsageAndAnEnd(WebServer server) throws Exception {
    HttpResponse<String> response =
        server.post(
            "/v1/chat/completions",
            "{'stream':true,'stream_options':{'include_usage':true},'messages':[{'role':'user','content':'Hi'}]}");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    List<String> lines = response.body().lines().filter(line -> !line.isEmpty()).toList();
    assertThat(lines).allMatch(line -> line.startsWith("data: ")).last().isEqualTo("data: [DONE]");
    List<JsonNode> chunks =
        lines.stream()
            .limit(lines.size() - 1)
            .map(line -> WebServer.JSON.readTree(line.substring(6)))
            .toList();
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
    StringBuilder text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asString("")));
    assertThat(text.toString()).startsWith("saw 0 frames: Hi");
    assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asString())
        .isEqualTo("stop");
    assertThat(chunks.getLast().path("choices").size()).isZero();
    assertThat(chunks.getLast().at("/usage/prompt_tokens").asInt()).isEqualTo(7);
  }

  @Test
  void choosesAmongTheGiven_withLogprobsWhereOpenAiHasThem(WebServer server) throws Exception {
    String body =
        "{'structured_outputs':{'choice':['red','green']},%s'messages':[{'role':'user','content':'Hi'}]}";
    JsonNode plain = WebServer.json(server.post("/v1/chat/completions", body.formatted("")));
    assertThat(plain.at("/choices/0/message/content").asString()).isEqualTo("red");
    assertThat(plain.at("/choices/0/logprobs").isNull()).isTrue();

    String asked = "'logprobs':true,'top_logprobs':5,";
    JsonNode told = WebServer.json(server.post("/v1/chat/completions", body.formatted(asked)));
    JsonNode token = told.at("/choices/0/logprobs/content/0");
    assertThat(token.path("token").asString()).isEqualTo("red");
    assertThat(Math.exp(token.path("logprob").asDouble())).isCloseTo(0.8, within(1e-9));
    assertThat(token.at("/top_logprobs/1/token").asString()).isEqualTo("green");
    assertThat(Math.exp(token.at("/top_logprobs/1/logprob").asDouble()))
        .isCloseTo(0.2, within(1e-9));
    assertThat(token.path("bytes")).hasSize(3);

    String streamed =
        server.post("/v1/chat/completions", body.formatted("'stream':true," + asked)).body();
    assertThat(streamed).contains("\"content\":\"red\"").contains("\"token\":\"green\"");
  }

  @Test
  void takesWhatFormatsItKnows_andNamesWhatItDoesNot(WebServer server) throws Exception {
    String body = "{'messages':[{'role':'user','content':'Hi'}],%s}";
    String schema =
        "'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':%s}}";
    for (String known :
        List.of(
            "'response_format':{'type':'json_object'}",
            schema.formatted("{'type':'object','properties':{},'additionalProperties':false}"))) {
      HttpResponse<String> response = server.post("/v1/chat/completions", body.formatted(known));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
    assertError(
        server,
        body.formatted(schema.formatted("{'type':'string','pattern':'a+'}")),
        400,
        "unsupported_schema");
    assertError(server, body.formatted(schema.formatted("{'type':'x'}")), 400, "invalid_schema");
    assertError(server, body.formatted("'response_format':{'type':'xml'}"), 400, "invalid_request");
    assertError(server, body.formatted("'guided_choice':['a']"), 400, "invalid_request");
    assertError(
        server, body.formatted("'structured_outputs':{'regex':'a'}"), 400, "invalid_request");
    assertError(
        server, body.formatted("'structured_outputs':{'choice':[]}"), 400, "invalid_choices");
  }

  @Test
  void refusesInOpenAisShape(WebServer server) throws Exception {
    String user = "'messages':[{'role':'user','content':'Hi'}]";
    assertError(server, "{" + user + ",'temperature':9}", 400, "invalid_request");
    assertError(server, "{" + user + ",'n':2}", 400, "invalid_request");
    assertError(server, "{" + user + ",'model':'other'}", 404, "model_not_found");
    assertError(server, "{'messages':[]}", 400, "invalid_request");
    assertError(
        server, "{'messages':[{'role':'assistant','content':'Hi'}]}", 400, "invalid_request");
    assertError(server, "{'messages':[{'role':'user','content':'busy'}]}", 429, "model_busy");
    assertError(
        server, "{'stream':true,'messages':[{'role':'user','content':'busy'}]}", 429, "model_busy");
    assertError(server, "{'messages':[{'role':'user','content':'fail'}]}", 400, "context_too_long");
    assertError(server, part("image_url", "data:image/png;base64,AAAA"), 415, "not_a_picture");
    assertError(server, part("image_url", "https://example.org/a.png"), 400, "invalid_request");
    assertError(server, part("video_url", "data:video/mp4;base64,AAAA"), 415, "not_a_video");
    assertError(server, part("video_url", "http://127.0.0.1:1/a.mp4"), 403, "forbidden_location");
  }

  @Test
  void refusesMoreText_thanAnyModelReads(WebServer server) throws Exception {
    String body = "{'messages':[{'role':'user','content':[{'type':'text','text':'%s'}]},%s]}";
    String more = "{'role':'user','content':'%s'}";
    String half = "word ".repeat(800_000);
    assertError(server, body.formatted(half, more.formatted(half)), 400, "context_too_long");
    // The control: text of any length that a model could read is passed on to it.
    HttpResponse<String> read =
        server.post(
            "/v1/chat/completions", body.formatted("Hi", more.formatted("w ".repeat(500_000))));
    assertThat(read.statusCode()).isEqualTo(200);
  }

  @Test
  void refusesMoreFrames_thanOneAnswerSees(WebServer server) throws Exception {
    String part =
        "{'type':'video_url','video_url':{'url':'data:video/mp4;base64," + video() + "'}},";
    String body =
        "{'media_io_kwargs':{'video':{'num_frames':64}},'messages':[{'role':'user','content':["
            + "%s{'type':'text','text':'How many?'}]}]}";
    assertError(server, body.formatted(part.repeat(3)), 400, "too_many_frames");
    HttpResponse<String> most = server.post("/v1/chat/completions", body.formatted(part.repeat(2)));
    assertThat(most.statusCode()).as(most.body()).isEqualTo(200);
    assertThat(WebServer.json(most).at("/choices/0/message/content").asString())
        .startsWith("saw 128 frames");
  }

  @Test
  void isBusy_whereTheEncoderHasNoRoom(WebServer server) throws Exception {
    String body =
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}}]}]}";
    assertError(server, body.formatted(picture(ScriptedModel.OVERLOADING, 6)), 429, "model_busy");
    HttpResponse<String> seen = server.post("/v1/chat/completions", body.formatted(picture()));
    assertThat(seen.statusCode()).as(seen.body()).isEqualTo(200);
  }

  @Test
  void asksForNoBody_whileEnoughRequestsAreUnderWay() throws Exception {
    String gate = "gate chat " + UUID.randomUUID();
    String body = "{'messages':[{'role':'user','content':'%s'}]}";
    try (WebServer server = WebServer.start("--densestream.web.max-chats=1");
        ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> first =
          other.submit(() -> server.post("/v1/chat/completions", body.formatted(gate)));
      WebServer.awaitUntil(() -> ScriptedModel.asked(gate) == 1);
      try (SlowSender sender = new SlowSender(server, "/v1/chat/completions", "application/json")) {
        assertThat(sender.status()).contains("429");
      }
      assertError(server, body.formatted("Hi"), 429, "model_busy");
      ScriptedModel.open(gate);
      assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      // The control: the place is free again.
      WebServer.awaitUntil(
          () -> server.post("/v1/chat/completions", body.formatted("Hi")).statusCode() == 200);
    }
  }

  @Test
  void namesTheModelWithItsNotice(WebServer server) throws Exception {
    JsonNode model = WebServer.json(server.get("/v1/models")).path("data").path(0);
    assertThat(model.path("id").asString()).isEqualTo("scripted");
    assertThat(model.path("owned_by").asString()).isEqualTo("densestream");
    assertThat(model.path("notice").asString()).isEqualTo("demo model");
  }

  private static String part(String type, String url) {
    return "{'messages':[{'role':'user','content':[{'type':'%s','%s':{'url':'%s'}}]}]}"
        .formatted(type, type, url);
  }

  private static void assertError(WebServer server, String body, int status, String code)
      throws Exception {
    HttpResponse<String> response =
        server.send(
            server
                .request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    assertThat(response.statusCode()).as(body + response.body()).isEqualTo(status);
    JsonNode error = WebServer.json(response).path("error");
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("message").asString()).isNotBlank();
    assertThat(error.has("param")).isTrue();
    assertThat(error.path("type").asString()).isNotBlank();
  }

  private static String picture() throws IOException {
    return picture(8, 6);
  }

  private static String picture(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB), "png", out);
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  private static String video() throws IOException {
    return Base64.getEncoder()
        .encodeToString(
            Files.readAllBytes(
                Path.of(
                    System.getProperty("densestream.fixtures"), "media", "bottle-detection.mp4")));
  }
}
