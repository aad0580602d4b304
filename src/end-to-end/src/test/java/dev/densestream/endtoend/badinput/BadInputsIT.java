package dev.densestream.endtoend.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.WindowShape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every kind of bad input reaches the running jar through Kafka. Each costs itself and nothing
 * else: a dead letter that says what it was, and an answer that says what is missing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SEGMENTS = "video.segments";
  private static final String GOOD = "good";
  private static final String DAMAGED = "damaged";
  private static final long SECOND = 1_000_000;

  @TempDir private static Path folder;

  /** By where it lies. */
  private final Map<String, BadInput> sent = new TreeMap<>();

  /** By where what they are about lies. */
  private final Map<String, JsonNode> letters = new TreeMap<>();

  private final Map<String, JsonNode> answers = new TreeMap<>();
  private List<BadInput> inputs = List.of();
  private List<ConsumerRecord<byte[], byte[]>> letterRecords = List.of();
  private StandaloneService service;
  private PlainKafka kafka;
  private ServerSocket target;

  @BeforeAll
  void feed() throws IOException {
    Path log = Files.createDirectories(Path.of("target", "bad-inputs")).resolve("service.log");
    target = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    MediaMaker maker = new MediaMaker(folder);
    inputs = BadInput.all(maker, "http://127.0.0.1:" + target.getLocalPort() + "/video.mp4");
    byte[] good = maker.pictures("good.mp4", "-c:v libopenh264 -g 10");
    byte[] whole = maker.pictures("whole.mp4", "-c:v mpeg4 -g 5 -movflags +faststart");
    service = StandaloneService.start(log);
    kafka = new PlainKafka(service.bootstrapServers());
    ask();
    inputs.forEach(input -> send(input, good));
    segments(GOOD, good, good);
    segments(DAMAGED, Arrays.copyOf(whole, whole.length * 6 / 10), good);
    collect();
  }

  private void ask() {
    Question question =
        new Question("seen", 1, "*", "What is seen?", new WindowShape(4000, 4000), 4);
    kafka.write("video.questions", question.id(), question.toJson(), Map.of());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.web("/api/questions").contains("What is seen?"));
  }

  private void send(BadInput input, byte[] good) {
    Map<String, String> headers = new LinkedHashMap<>(headers(0));
    headers.putAll(input.headers());
    RecordMetadata at = kafka.write(SEGMENTS, input.key(), input.value(), headers);
    sent.put(SEGMENTS + " " + at.partition() + " " + at.offset(), input);
    if (input.namesStream()) {
      kafka.write(SEGMENTS, input.key(), good, headers(1));
    }
  }

  private void segments(String stream, byte[]... media) {
    for (int i = 0; i < media.length; i++) {
      kafka.write(SEGMENTS, stream, media[i], headers(i));
    }
  }

  /** Of the segment that covers seconds {@code [2 i, 2 i + 2)}. */
  private static Map<String, String> headers(int i) {
    return Map.of(
        "ce_specversion",
        "1.0",
        "ce_sequence",
        Integer.toString(i),
        "ce_ptsstart",
        Long.toString(2L * i * SECOND),
        "ce_ptsend",
        Long.toString((2L * i + 2) * SECOND),
        "content-type",
        "video/mp4");
  }

  /** The streams' windows close because nothing follows, so all that can happen has happened. */
  private void collect() {
    long streams = inputs.stream().filter(BadInput::namesStream).count() + 2;
    kafka
        .read("video.answers", records -> records.size() >= streams, PATIENCE)
        .forEach(record -> answers.put(text(record.key()), json(record).path("data")));
    letterRecords =
        kafka.read(
            "video.dead-letters",
            records -> records.size() > inputs.size(), // one too many would be noticed
            Duration.ofSeconds(5));
    for (ConsumerRecord<byte[], byte[]> record : letterRecords) {
      JsonNode letter = json(record);
      JsonNode at = letter.path("input");
      String position =
          String.join(
              " ",
              at.path("topic").asString(),
              at.path("partition").asString(),
              at.path("offset").asString());
      letters.put(position, letter);
    }
  }

  @Test
  void givesEachBadRecordItsDeadLetter_andNoOther() {
    assertThat(letterRecords).hasSameSizeAs(inputs);
    assertThat(letters.keySet()).isEqualTo(sent.keySet());
    sent.forEach((position, input) -> expectLetter(at(letters, position), input));
  }

  /** The control: what is expected of a letter is not what any letter says. */
  @Test
  void noticesWhatALetterGetsWrong() {
    String position = letters.keySet().iterator().next();
    JsonNode letter = at(letters, position);
    BadInput input = at(sent, position);
    expectLetter(letter, input);
    BadInput otherCode = new BadInput(input.key(), input.value(), Map.of(), "encrypted");
    BadInput otherBytes = new BadInput(input.key(), new byte[1], Map.of(), input.code());
    for (BadInput wrong : List.of(otherCode, otherBytes)) {
      assertThatThrownBy(() -> expectLetter(letter, wrong)).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void fitsTheServedSchema() throws Exception {
    String schema = service.web("/schemas/dead-letter.json");
    var letterSchema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema, InputFormat.JSON);
    for (ConsumerRecord<byte[], byte[]> record : letterRecords) {
      assertThat(letterSchema.validate(text(record.value()), InputFormat.JSON)).isEmpty();
      assertThat(record.headers().lastHeader("ce_dataschema").value())
          .isEqualTo("/schemas/dead-letter.json".getBytes(UTF_8));
      assertThat(record.headers().lastHeader("ce_type").value())
          .isEqualTo("dev.densestream.dead-letter.v1".getBytes(UTF_8));
    }
    assertThat(letterSchema.validate("{\"code\":\"Not A Code\"}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void answersWhatFollowsABadSegment_andSaysWhatIsMissing() {
    for (BadInput input : inputs) {
      if (input.namesStream()) {
        JsonNode answer = expectAnswer(Objects.requireNonNull(input.key()));
        assertThat(answer.path("coverage").asDouble()).as("%s", input.key()).isEqualTo(0.5);
        assertThat(answer.at("/frames/ptsMicros/0").asLong()).isEqualTo(2 * SECOND);
      }
    }
    assertThat(expectAnswer(GOOD).path("coverage").asDouble()).isEqualTo(1);
    assertThat(expectAnswer(GOOD).at("/frames/ptsMicros/0").asLong()).isZero();
    assertThat(expectAnswer(DAMAGED).path("coverage").asDouble()).isBetween(0.6, 0.99);
    assertThat(expectAnswer(DAMAGED).at("/frames/ptsMicros/0").asLong()).isZero();
  }

  @Test
  void commitsPastAllOfThem() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(kafka.uncommitted(SEGMENTS, "densestream-answers")).isEmpty());
  }

  @Test
  void staysHealthy_andCountsByCode() throws Exception {
    for (String path : List.of("", "/readiness", "/liveness")) {
      String health = service.management("/actuator/health" + path);
      assertThat(JsonMapper.shared().readTree(health).path("status").asString()).isEqualTo("UP");
    }
    Map<String, Long> byCode =
        inputs.stream().collect(Collectors.groupingBy(BadInput::code, Collectors.counting()));
    List<String> metrics = service.management("/actuator/prometheus").lines().toList();
    byCode.forEach(
        (code, count) ->
            assertThat(metrics)
                .contains("densestream_dead_letters_total{code=\"" + code + "\"} " + count + ".0"));
    long poison = inputs.stream().filter(BadInputsIT::isPoison).count();
    long refused = inputs.size() - poison;
    assertThat(metrics)
        .contains("densestream_segments_total{verdict=\"poison\"} " + poison + ".0")
        .contains("densestream_segments_total{verdict=\"refused\"} " + refused + ".0")
        .contains("densestream_segments_total{verdict=\"damaged\"} 1.0");
  }

  /** At the door, or where the container promises frames, when the job looks for them. */
  @Test
  void refusesTheSameMedia_byUpload() throws Exception {
    List<BadInput> media = inputs.stream().filter(input -> input.headers().isEmpty()).toList();
    for (BadInput input : media) {
      if (input.namesStream()) {
        String code = input.value().length == 0 ? "not_a_video" : input.code();
        assertThat(uploaded(input.value())).as("%s", input.key()).isEqualTo(code);
      }
    }
    byte[] good = new MediaMaker(folder).pictures("accepted.mp4", "-c:v libopenh264 -g 10");
    assertThat(uploaded(good)).as("the control").isEqualTo("DONE");
  }

  /** The code a clip is refused with, now or later, or the state its job ends in. */
  private String uploaded(byte[] clip) throws Exception {
    HttpResponse<String> answer = service.upload(clip);
    JsonNode body = JsonMapper.shared().readTree(answer.body());
    if (answer.statusCode() != 202) {
      assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
      return body.path("code").asString();
    }
    String path = "/api/clips/" + body.path("id").asString();
    JsonNode end =
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> JsonMapper.shared().readTree(service.web(path)),
                clipNow -> List.of("DONE", "FAILED").contains(state(clipNow)));
    String code = end.path("failure").path("code").asString("");
    return code.isEmpty() ? state(end) : code;
  }

  private static String state(JsonNode clip) {
    return clip.path("state").asString("").toUpperCase(Locale.ROOT);
  }

  @Test
  void opensNothingAPlaylistNames() throws IOException {
    target.setSoTimeout(100);
    assertThatThrownBy(() -> target.accept().close()).isInstanceOf(SocketTimeoutException.class);
  }

  @AfterAll
  void stop() throws Exception {
    try (ServerSocket _ = target;
        StandaloneService running = service) {
      try (PlainKafka _ = kafka) {
        // leaves before its broker does
      }
      assertThat(running.stopWithin(Duration.ofSeconds(15))).as("exit status").isEqualTo(143);
      assertThat(running.log()).doesNotContain(" ERROR ", "Exception", "\tat ");
    }
  }

  private static void expectLetter(JsonNode letter, BadInput input) {
    String who = input.key() == null ? "unknown" : input.key();
    assertThat(letter.path("stream").asString()).isEqualTo(who);
    assertThat(letter.path("code").asString()).as(who).isEqualTo(input.code());
    assertThat(letter.path("detail").asString()).as(who).endsWith(".").doesNotContain("Exception");
    assertThat(letter.path("sizeBytes").asLong()).as(who).isEqualTo(input.value().length);
    assertThat(letter.path("sha256").asString()).as(who).isEqualTo(sha256(input.value()));
  }

  private JsonNode expectAnswer(String stream) {
    JsonNode answer = at(answers, stream);
    assertThat(answer.path("outcome").asString()).as(stream).isEqualTo("answered");
    JsonNode frames = answer.path("frames");
    long dropped = frames.path("dropped").valueStream().mapToLong(JsonNode::asLong).sum();
    assertThat(frames.path("seen").asLong())
        .as(stream)
        .isPositive()
        .isEqualTo(frames.path("sampled").asLong() + frames.path("gated").asLong() + dropped);
    return answer;
  }

  private static <V> V at(Map<String, V> map, String key) {
    return Objects.requireNonNull(map.get(key), () -> key + " is not in " + map.keySet());
  }

  private static boolean isPoison(BadInput input) {
    return List.of("invalid_header", "missing_key", "invalid_stream_id", "empty_value")
        .contains(input.code());
  }

  private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    return JsonMapper.shared().readTree(record.value());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
