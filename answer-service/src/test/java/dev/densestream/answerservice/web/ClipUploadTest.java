package dev.densestream.answerservice.web;

import static dev.densestream.answerservice.web.WebServer.assertProblem;
import static dev.densestream.answerservice.web.WebServer.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicCluster.Start;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(WebServer.Shared.class)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
final class ClipUploadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void captionsAnUpload_fromDoorToSubtitles(WebServer server) throws Exception {
    HttpResponse<String> accepted =
        server.upload("/api/clips?name=../../cars%00.mp4&windowMillis=10000", cars());
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    String id = json(accepted).path("id").asString();
    assertThat(accepted.headers().firstValue("Location")).hasValue("/api/clips/" + id);
    assertThat(json(accepted).path("name").asString()).isEqualTo("../../cars.mp4");
    assertThat(json(accepted).path("mediaType").asString()).isEqualTo("video/mp4");

    List<String> events =
        server.open(server.request("/api/clips/" + id + "/events")).body().toList();
    assertThat(events)
        .contains("event:done")
        .anyMatch(line -> line.contains("Describe what happens"));

    JsonNode result = json(server.get("/api/clips/" + id + "/result"));
    assertThat(result.path("captions").size()).isGreaterThanOrEqualTo(1);
    HttpResponse<String> vtt = server.get("/api/clips/" + id + "/result?format=vtt");
    assertThat(vtt.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/vtt");
    assertThat(vtt.body()).startsWith("WEBVTT").contains("&lt;b&gt;");
    HttpResponse<String> srt =
        server.send(
            server
                .request("/api/clips/" + id + "/result")
                .header("Accept", "application/x-subrip"));
    assertThat(srt.body()).contains("00:00:00,000 -->");
    assertThat(answers(server, id)).hasSize(result.path("captions").size());

    HttpResponse<String> range =
        server.send(server.request("/api/clips/" + id + "/media").header("Range", "bytes=4-7"));
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.body()).isEqualTo("ftyp");

    assertThat(server.delete("/api/clips/" + id).statusCode()).isEqualTo(204);
    assertProblem(server.get("/api/clips/" + id), 404, "not_found");
    assertThat(server.filesLeft()).noneMatch(file -> file.contains(id));
  }

  @Test
  @SuppressWarnings("StringConcatToTextBlock") // the lines of a form end in CR LF
  void answersAQuestion_sentAsAForm(WebServer server) throws Exception {
    String head =
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.mp4\"\r\n"
            + "Content-Type: video/mp4\r\n\r\n";
    String tail =
        "\r\n--edge\r\nContent-Disposition: form-data; name=\"question\"\r\n\r\nHow many?\r\n--edge--\r\n";
    HttpResponse<String> accepted =
        server.send(
            server
                .request("/api/clips")
                .header("Content-Type", "multipart/form-data; boundary=edge")
                .POST(
                    HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString(head),
                        HttpRequest.BodyPublishers.ofByteArray(cars()),
                        HttpRequest.BodyPublishers.ofString(tail))));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    assertThat(json(accepted).path("name").asString()).isEqualTo("c.mp4");
    String id = json(accepted).path("id").asString();
    assertThat(server.open(server.request("/api/clips/" + id + "/events")).body().toList())
        .contains("event:done");
    assertThat(
            json(server.get("/api/clips/" + id + "/result")).path("answer").path("text").asString())
        .contains("How many?");
    assertThat(server.delete("/api/clips/" + id).statusCode()).isEqualTo(204);
  }

  /** A frame costs two visual tokens here. */
  @Test
  void seesFewerFrames_orRefuses_whereVisualTokensAreBounded(WebServer server) throws Exception {
    String path = "/api/clips?question=What&maxVisualTokens=";
    assertProblem(post(server, path + "1"), 422, "visual_tokens_too_few");
    assertProblem(post(server, path + "0"), 400, "invalid_request");
    HttpResponse<String> accepted = post(server, path + "5");
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    String id = json(accepted).path("id").asString();
    assertThat(server.open(server.request("/api/clips/" + id + "/events")).body().toList())
        .contains("event:done");
    JsonNode answer = json(server.get("/api/clips/" + id + "/result")).path("answer");
    assertThat(answer.path("usage").path("visualTokens").asInt()).isEqualTo(4);
    assertThat(answer.path("framePtsMicros").size()).isEqualTo(2);
    assertThat(server.delete("/api/clips/" + id).statusCode()).isEqualTo(204);
  }

  private static HttpResponse<String> post(WebServer server, String path) throws Exception {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "video/mp4")
            .POST(HttpRequest.BodyPublishers.ofByteArray(cars())));
  }

  @Test
  void refusesWhatIsNoVideo_withItsCode(WebServer server, @TempDir Path folder) throws Exception {
    MadeClips made = new MadeClips(folder);
    byte[] noise = new byte[100_000];
    new Random(7).nextBytes(noise);
    Map<String, byte[]> notVideos =
        Map.of(
            "random", noise,
            "text", "just some text\n".repeat(50).getBytes(UTF_8),
            "jpeg", made.jpeg());
    for (var one : notVideos.entrySet()) {
      assertRefused(server, one.getKey(), one.getValue(), 415, "not_a_video");
    }
    assertRefused(server, "empty", new byte[0], 415, "not_a_video");
    Map<String, String> lists =
        Map.of(
            "m3u8", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
            "concat", "ffconcat version 1.0\nfile '/etc/passwd'\n",
            "sdp",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n");
    for (var one : lists.entrySet()) {
      HttpResponse<String> refused = server.upload("/api/clips", one.getValue().getBytes(UTF_8));
      assertThat(refused.statusCode()).as(one.getKey()).isEqualTo(415);
      assertThat(json(refused).path("code").asString())
          .as(one.getKey())
          .isIn("unsupported_container", "not_a_video");
    }
    assertRefused(server, "audio", made.audioOnly(), 422, "no_video_stream");
    assertRefused(server, "magicyuv", made.magicYuv(), 415, "unsupported_codec");
    assertRefused(server, "huge", made.huge(), 422, "too_many_pixels");
    // The control: what is a video is accepted all the same.
    HttpResponse<String> accepted = server.upload("/api/clips", cars());
    assertThat(accepted.statusCode()).isEqualTo(202);
    String id = json(accepted).path("id").asString();
    assertThat(server.open(server.request("/api/clips/" + id + "/events")).body().toList())
        .contains("event:done");
    assertThat(server.delete("/api/clips/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void endsWithACode_whenAClipBreaksOffInTheMiddle(WebServer server) throws Exception {
    byte[] cut = Arrays.copyOf(cars(), 300_000);
    HttpResponse<String> response = server.upload("/api/clips", cut);
    // Nothing can be read without the index at the end; where there is one in front, what is there
    // is.
    assertThat(response.statusCode()).as(response.body()).isIn(202, 422);
    if (response.statusCode() == 422) {
      assertThat(json(response).path("code").asString()).isEqualTo("truncated");
    } else {
      String id = json(response).path("id").asString();
      assertThat(server.open(server.request("/api/clips/" + id + "/events")).body().toList())
          .containsAnyOf("event:done", "event:failed");
      assertThat(server.delete("/api/clips/" + id).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void refusesAnEndlessBody_asSoonAsTheLimitIsCrossed(WebServer server) throws Exception {
    List<String> before = server.filesLeft();
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      head(out, "Transfer-Encoding: chunked");
      byte[] chunk = new byte[64 * 1024];
      long sent = 0;
      String answer;
      try {
        while (sent < 64 * TestApplication.LARGEST_CLIP
            && socket.getInputStream().available() == 0) {
          out.write("10000\r\n".getBytes(UTF_8));
          out.write(chunk);
          out.write("\r\n".getBytes(UTF_8));
          sent += chunk.length;
        }
      } catch (SocketException closed) {
        assertThat(sent).isGreaterThan(TestApplication.LARGEST_CLIP / 2);
      }
      answer = firstLine(socket.getInputStream());
      assertThat(sent).isLessThan(16 * TestApplication.LARGEST_CLIP);
      assertThat(answer).contains("413");
    }
    assertThat(server.filesLeft()).containsExactlyInAnyOrderElementsOf(before);
    assertThat(server.get("/api/clips").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesALargeClip_byItsDeclaredLengthAlone(WebServer server) throws Exception {
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      head(socket.getOutputStream(), "Content-Length: 99999999999");
      assertThat(firstLine(socket.getInputStream())).contains("413");
    }
  }

  @Test
  void keepsNothing_whenTheSenderHangsUpOrStalls(WebServer server) throws Exception {
    List<String> before = server.filesLeft();
    try (Socket socket = new Socket("localhost", server.port())) {
      head(socket.getOutputStream(), "Content-Length: 1000000");
      socket.getOutputStream().write(new byte[5000]);
      socket.getOutputStream().flush();
    }
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      head(socket.getOutputStream(), "Content-Length: 1000000");
      socket.getOutputStream().write(new byte[5000]);
      socket.getOutputStream().flush();
      assertThat(firstLine(socket.getInputStream())).contains("408");
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!server.filesLeft().equals(before) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(server.filesLeft()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void refusesReferences_toPlacesNobodyAllowed(WebServer server) throws Exception {
    for (String url :
        List.of(
            "file:///etc/passwd", "http://127.0.0.1:1/x.mp4", "concat:a|b", "data:video/mp4,x")) {
      assertProblem(server.post("/api/clips", "{'url':'" + url + "'}"), 403, "forbidden_location");
    }
    assertProblem(server.post("/api/clips", "{}"), 400, "invalid_request");
  }

  @Test
  void refusesCompressedBodies_andFieldsOutOfRange(WebServer server) throws Exception {
    assertProblem(
        server.send(
            server
                .request("/api/clips")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100]))),
        415,
        "unsupported_encoding");
    assertProblem(server.upload("/api/clips?windowMillis=7", cars()), 400, "invalid_request");
    assertProblem(server.get("/api/clips/unknown/events"), 404, "not_found");
  }

  private static void assertRefused(
      WebServer server, String what, byte[] content, int status, String code) throws Exception {
    HttpResponse<String> response = server.upload("/api/clips", content);
    assertThat(json(response).path("code").asString()).as(what + response.body()).isEqualTo(code);
    assertProblem(response, status, code);
  }

  private static List<StoredRecord> answers(WebServer server, String clip) {
    TopicCluster cluster = server.bean(TopicCluster.class);
    return requireNonNull(
        cluster
            .tail(cluster.topics().answers(), Map.of(), Start.EARLIEST)
            .filter(record -> record.key().equals(clip))
            .take(Duration.ofSeconds(3))
            .collectList()
            .block(PATIENCE));
  }

  private static void head(OutputStream out, String length) throws IOException {
    out.write(
        ("POST /api/clips HTTP/1.1\r\nHost: localhost\r\nContent-Type: video/mp4\r\n"
                + length
                + "\r\n\r\n")
            .getBytes(UTF_8));
    out.flush();
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next > 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static byte[] cars() throws IOException {
    return Files.readAllBytes(
        Path.of(System.getProperty("densestream.fixtures"), "media", "car-detection.mp4"));
  }
}
