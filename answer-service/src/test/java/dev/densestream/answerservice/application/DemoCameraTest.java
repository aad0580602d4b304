package dev.densestream.answerservice.application;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.clip.CaptionSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of the demo's cameras is known of every scene of their recordings. */
class DemoCameraTest {
  static List<DemoCamera> cameras() {
    return DemoCamera.ALL;
  }

  @ParameterizedTest
  @MethodSource("cameras")
  void asksWhatEverySceneAnswers(DemoCamera camera) throws IOException {
    List<JsonNode> truth = truth(camera.name());
    long scenes = truth.stream().map(line -> line.path("start").asDouble()).distinct().count();
    assertThat(scenes).isEqualTo(10);
    for (DemoCamera.Asked asked : camera.questions()) {
      List<JsonNode> known =
          truth.stream()
              .filter(
                  asked.text().equals(CaptionSettings.DEFAULT_PROMPT)
                      ? line -> line.has("caption")
                      : line -> line.path("question").asString("").equals(asked.text()))
              .toList();
      assertThat(known).as(asked.text()).hasSize((int) scenes);
      if (asked.format() instanceof AnswerFormat.Choices(List<String> choices)) {
        assertThat(known)
            .allSatisfy(line -> assertThat(choices).contains(line.path("answer").asString()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cameras")
  void seesOneSceneInEachWindow(DemoCamera camera) throws IOException {
    for (JsonNode line : truth(camera.name())) {
      double start = 1000 * line.path("start").asDouble();
      assertThat(start % DemoCamera.SCENE_MILLIS).isZero();
      assertThat(1000 * line.path("end").asDouble() - start).isEqualTo(DemoCamera.SCENE_MILLIS);
    }
    for (Question question : camera.standing()) {
      assertThat(question.window().lengthMillis()).isEqualTo(DemoCamera.SCENE_MILLIS);
      assertThat(question.window().hopMillis()).isEqualTo(DemoCamera.SCENE_MILLIS);
    }
  }

  @Test
  void namesEachQuestionOnce() {
    Stream<String> ids =
        DemoCamera.ALL.stream().flatMap(c -> c.standing().stream()).map(Question::id);

    assertThat(ids).doesNotHaveDuplicates();
  }

  private static List<JsonNode> truth(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream in = DemoCameraTest.class.getResourceAsStream("/demo/" + name + ".jsonl")) {
      String text = new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines().map(JsonMapper.shared()::readTree).forEach(lines::add);
    }
    return lines;
  }
}
