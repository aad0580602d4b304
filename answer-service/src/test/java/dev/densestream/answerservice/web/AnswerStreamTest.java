package dev.densestream.answerservice.web;

import static dev.densestream.answerservice.web.WebServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

@ExtendWith(WebServer.Shared.class)
final class AnswerStreamTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int STREAMS = 24;
  private static final int MOST_SLOW = 4_000;

  @Test
  void resumesOverAllPartitions_withNothingLostOrTwice(WebServer server) throws Exception {
    List<String> seen = new ArrayList<>();
    String id;
    try (Reader reader = Reader.open(server, "/api/answers?question=resume&from=latest", null)) {
      publish(server, "resume", 0, 100);
      // Broken off in the middle of what is there, wherever that is.
      seen.addAll(reader.answers(37));
      id = reader.lastId();
    }
    publish(server, "resume", 100, 140);
    try (Reader reader = Reader.open(server, "/api/answers?question=resume", id)) {
      seen.addAll(reader.answers(50));
      id = reader.lastId();
    }
    try (Reader reader = Reader.open(server, "/api/answers?question=resume", id)) {
      seen.addAll(reader.answers(53));
      publish(server, "resume", 140, 141);
      seen.addAll(reader.answers(1));
    }
    List<String> expected = new ArrayList<>();
    for (int n = 0; n < 141; n++) {
      expected.add("resume-" + n);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(id.split(",", -1)).as("partitions named in " + id).hasSizeGreaterThan(3);
  }

  /** The control: the id of the record alone, as many do it, is not enough. */
  @Test
  void losesOrRepeats_whenOnlyTheLastRecordIsNamed(WebServer server) throws Exception {
    List<String> seen = new ArrayList<>();
    String id;
    try (Reader reader = Reader.open(server, "/api/answers?question=naive&from=latest", null)) {
      publish(server, "naive", 0, 100);
      seen.addAll(reader.answers(37));
      id = reader.lastId().split(",", -1)[0];
    }
    try (Reader reader = Reader.open(server, "/api/answers?question=naive", id)) {
      seen.addAll(reader.answers(64));
    }
    assertThat(seen).hasSizeGreaterThan(100);
    assertThat(seen.stream().distinct().count()).isLessThan(seen.size());
  }

  @Test
  void missesNothing_whenNothingHadBeenSeenYet(WebServer server) throws Exception {
    String id;
    try (Reader reader = Reader.open(server, "/api/answers?question=early&from=latest", null)) {
      id = reader.idOfMark();
    }
    publish(server, "early", 0, 20);
    try (Reader reader = Reader.open(server, "/api/answers?question=early", id)) {
      assertThat(reader.answers(20)).doesNotHaveDuplicates().hasSize(20);
    }
  }

  /** As a page does whose browser has given up: it cannot set headers. */
  @Test
  void resumesAfterTheIdInTheAddress_unlessAHeaderSaysMore(WebServer server) throws Exception {
    String first;
    String later;
    try (Reader reader = Reader.open(server, "/api/answers?question=address&from=latest", null)) {
      publish(server, "address", 0, 30);
      reader.answers(10);
      first = reader.lastId();
      reader.answers(5);
      later = reader.lastId();
    }
    String address = "/api/answers?question=address&from=latest&lastEventId=" + first;
    try (Reader reader = Reader.open(server, address, null)) {
      assertThat(reader.answers(20)).doesNotHaveDuplicates();
      publish(server, "address", 30, 31);
      assertThat(reader.answers(1)).containsExactly("address-30");
    }
    try (Reader reader = Reader.open(server, address, later)) {
      List<String> rest = reader.answers(16);
      assertThat(rest).doesNotHaveDuplicates().contains("address-30");
      publish(server, "address", 31, 32);
      assertThat(reader.answers(1)).containsExactly("address-31");
    }
    assertProblem(server.get("/api/answers?lastEventId=elsewhere-1-2"), 400, "bad_last_event_id");
  }

  @Test
  void filters_andBeatsWhileIdle(WebServer server) throws Exception {
    publish(server, "filter", 0, 48);
    try (Reader reader =
        Reader.open(server, "/api/answers?question=filter&stream=s3&from=earliest", null)) {
      assertThat(reader.answers(2)).containsExactly("filter-3", "filter-27");
      assertThat(reader.nextId()).startsWith("video.answers-");
    }
    assertProblem(server.get("/api/answers?from=yesterday"), 400, "invalid_request");
    assertProblem(
        server.send(server.request("/api/answers").header("Last-Event-ID", "video.answers-1-x")),
        400,
        "bad_last_event_id");
  }

  @Test
  void serveOthers_whileOneClientReadsNothing(WebServer server) throws Exception {
    try (Reader silent = Reader.open(server, "/api/answers?question=slow&from=latest", null);
        Reader reader = Reader.open(server, "/api/answers?question=slow&from=latest", null)) {
      String padding = "x".repeat(20_000);
      AnswerReader readers = server.bean(AnswerReader.class);
      awaitOnly(readers, 2);
      int published = 0;
      while (readers.readers() == 2 && published < MOST_SLOW) {
        publish(server, "slow", published, published + 20, padding);
        published += 20;
        assertThat(reader.answers(20)).doesNotHaveDuplicates().hasSize(20);
      }
      // It was let go, with an id to resume from; nobody kept answers for it.
      assertThat(readers.readers()).isEqualTo(1);
      int all = published;
      assertThatThrownBy(() -> silent.answers(all)).isInstanceOf(IOException.class);
      assertThat(silent.lastId()).isNotEmpty();
    }
  }

  /** Connections that earlier tests closed are noticed a moment later. */
  private static void awaitOnly(AnswerReader readers, int count) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (readers.readers() != count && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(readers.readers()).isEqualTo(count);
  }

  private static void publish(WebServer server, String question, int from, int to) {
    publish(server, question, from, to, "");
  }

  private static void publish(WebServer server, String question, int from, int to, String padding) {
    TopicCluster cluster = server.bean(TopicCluster.class);
    Flux.range(from, to - from)
        .concatMap(
            n -> {
              String stream = "s" + n % STREAMS;
              String event =
                  """
                  {"specversion":"1.0","id":"%s-%d","source":"/streams/%s","subject":"%s","pad":"%s"}"""
                      .formatted(question, n, stream, question, padding);
              return cluster.publish(
                  new TopicRecord(
                      cluster.topics().answers(),
                      stream,
                      event.getBytes(StandardCharsets.UTF_8),
                      Map.of()));
            },
            1)
        .blockLast(PATIENCE);
  }

  /** A client that reads the raw bytes, and none before it is asked to. */
  private static final class Reader implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;
    private String id = "";
    private String firstId = "";

    private Reader(Socket socket) throws IOException {
      this.socket = socket;
      this.lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static Reader open(WebServer server, String path, @Nullable String lastId) throws IOException {
      URI uri = server.uri(path);
      Socket socket = new Socket();
      socket.setReceiveBufferSize(8192);
      socket.connect(new InetSocketAddress("localhost", uri.getPort()));
      socket.setSoTimeout((int) PATIENCE.toMillis());
      String request =
          "GET %s?%s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n%s\r\n"
              .formatted(
                  uri.getPath(),
                  uri.getQuery(),
                  lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      Reader reader = new Reader(socket);
      assertThat(reader.line()).contains(" 200 ");
      while (!reader.line().isEmpty()) {}
      // The first mark says that the position is pinned.
      return reader.pinned();
    }

    private Reader pinned() throws IOException {
      firstId = nextId();
      return this;
    }

    /** Ids of the next answers. */
    List<String> answers(int count) throws IOException {
      List<String> found = new ArrayList<>();
      String pending = "";
      while (found.size() < count) {
        String line = line();
        if (line.startsWith("id:")) {
          pending = line.substring(3);
        } else if (line.startsWith("data:")) {
          id = pending;
          found.add(WebServer.JSON.readTree(line.substring(5)).path("id").asString());
        }
      }
      return found;
    }

    /** Of whatever comes next, a heartbeat if nothing else. */
    String nextId() throws IOException {
      String line = line();
      while (!line.startsWith("id:")) {
        line = line();
      }
      return line.substring(3);
    }

    String idOfMark() {
      return firstId;
    }

    String lastId() {
      return id;
    }

    private String line() throws IOException {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the service closed the connection");
      }
      return line;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
