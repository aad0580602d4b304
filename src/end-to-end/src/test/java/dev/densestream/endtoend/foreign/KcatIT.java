package dev.densestream.endtoend.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.densestream.endtoend.badinput.StandaloneService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A question and a real video put on the topics by kcat are answered, on the topic and by SSE. */
class KcatIT {
  private static final Path CARS =
      Path.of(System.getProperty("densestream.fixtures")).resolve("media/car-detection.mp4");
  private static final double CARS_SECONDS = 30.2;
  private static final String QUESTION =
      """
      {"id": "road", "stream": "kcat-camera", "text": "What is on the road?", \
      "window": {"lengthMillis": 10000}, "maxTokens": 4}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void needsItsTools() {
    assumeTrue(Kcat.installed(), "kcat is not installed");
    assumeTrue(Files.isRegularFile(CARS), "the media are not beside the checkout");
  }

  @Test
  void answersWhatKcatPutOnTheTopics() throws Exception {
    try (StandaloneService service = StandaloneService.start(folder.resolve("service.log"))) {
      Kcat kcat = new Kcat("kcat", service.bootstrapServers(), folder);
      Path question = Files.writeString(folder.resolve("question.json"), QUESTION);
      kcat.produceFile("video.questions", "road", question);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.web("/api/questions").contains("\"road\""));

      kcat.produceFile("video.segments", "kcat-camera", CARS);

      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> answers(kcat).size() >= 4);
      List<JsonNode> answers = answers(kcat);
      assertThat(answers)
          .allSatisfy(
              answer -> {
                assertThat(answer.at("/data/outcome").asString()).isEqualTo("answered");
                assertThat(answer.at("/source").asString()).isEqualTo("/streams/kcat-camera");
                assertThat(answer.at("/data/input/topic").asString()).isEqualTo("video.segments");
                assertThat(answer.at("/data/frames/ptsMicros").size()).isPositive();
              });
      assertThat(answers).extracting(answer -> answer.at("/id").asString()).doesNotHaveDuplicates();
      assertThat(windowStarts(answers)).isSorted();
      assertThat(service.firstEvents("/api/answers?stream=kcat-camera&from=earliest", "data:", 4))
          .extracting(line -> line.substring("data:".length()))
          .extracting(line -> JsonMapper.shared().readTree(line))
          .extracting(answer -> answer.at("/id").asString())
          .containsExactlyElementsOf(
              answers.stream().limit(4).map(answer -> answer.at("/id").asString()).toList());
    }
  }

  /** Sent in no time, but filmed one after the other: nothing overlaps, so nothing is too late. */
  @Test
  void putsFilesSentInARowOneBehindTheOther() throws Exception {
    try (StandaloneService service = StandaloneService.start(folder.resolve("service.log"))) {
      Kcat kcat = new Kcat("kcat", service.bootstrapServers(), folder);
      kcat.produceFile(
          "video.questions", "road", Files.writeString(folder.resolve("q.json"), QUESTION));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.web("/api/questions").contains("\"road\""));

      kcat.produceFile("video.segments", "kcat-camera", CARS);
      kcat.produceFile("video.segments", "kcat-camera", CARS);

      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () ->
                  assertThat(coveredSeconds(answers(kcat)))
                      .isCloseTo(2 * CARS_SECONDS, within(0.5)));
      List<JsonNode> answers = answers(kcat);
      assertThat(windowStarts(answers)).isSorted().doesNotHaveDuplicates();
      assertThat(answers)
          .extracting(answer -> answer.at("/data/outcome").asString())
          .containsOnly("answered");
    }
  }

  /** Media time in the windows, which follow one another without overlap. */
  private static double coveredSeconds(List<JsonNode> answers) {
    return answers.stream()
        .mapToDouble(answer -> 10 * answer.at("/data/coverage").asDouble())
        .sum();
  }

  private static List<Long> windowStarts(List<JsonNode> answers) {
    return answers.stream()
        .map(answer -> answer.at("/data/window/startMicros").asLong())
        .collect(Collectors.toList());
  }

  private static List<JsonNode> answers(Kcat kcat) throws Exception {
    return kcat.records("video.answers", "%s").stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }
}
