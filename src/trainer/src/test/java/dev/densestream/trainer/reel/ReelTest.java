package dev.densestream.trainer.reel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.language.CaptionCheck;
import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.language.CertainAnswers;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reels hold scenes that answer their questions, and the demo's are what they say. */
class ReelTest {
  private static final Path DEMO = Path.of("../../answer-service/src/main/resources/demo");
  private static final List<String> QUESTIONS =
      List.of("Is there a circle?", "How many objects are there?");

  private static ReelPlan plan(long seed, int scenes, List<String> questions) {
    return new ReelPlan(Split.TEST, seed, scenes, 6, 4 / 3.0, 8, questions, 1);
  }

  @Test
  void answersEachQuestionInEachScene_notAlwaysAlike() {
    Reel reel = Reel.of(plan(5, 6, QUESTIONS));

    assertThat(reel.scenes()).hasSize(6);
    for (ReelScene scene : reel.scenes()) {
      assertThat(World.split(scene.scene())).isEqualTo(Split.TEST);
      assertThat(scene.scene().seconds()).isEqualTo(6);
      assertThat(scene.facts().happenings()).isNotEmpty();
      assertThat(scene.examples()).extracting(Example::question).isEqualTo(QUESTIONS);
    }
    assertThat(reel.scenes().stream().map(s -> s.examples().getFirst().answer()))
        .containsOnly("yes", "no")
        .filteredOn("yes"::equals)
        .hasSize(3);
  }

  @Test
  void isTheSame_whenLookedForAgain() {
    List<String> lines = ReelFile.lines(Reel.of(plan(5, 3, QUESTIONS)), "a.mp4");

    assertThat(ReelFile.lines(Reel.of(plan(5, 3, QUESTIONS)), "a.mp4")).isEqualTo(lines);
    assertThat(ReelFile.lines(Reel.of(plan(6, 3, QUESTIONS)), "a.mp4")).isNotEqualTo(lines);
  }

  @Test
  void leavesOpenWhatTheFramesLeaveOpen() {
    ReelScene scene = Reel.of(plan(5, 1, QUESTIONS)).scenes().getFirst();

    assertThat(CertainAnswers.of("Is there a circle?", scene.facts())).isPresent();
    assertThat(CertainAnswers.of("Is there a circular thing?", scene.facts())).isEmpty();
    assertThat(CertainAnswers.of("What is the meaning of it?", scene.facts())).isEmpty();
  }

  /** What stands beside the demo's recordings is what the world says of those scenes today. */
  @ParameterizedTest
  @CsvSource({"demo-star, 11, 0", "demo-crowd, 12, 0", "demo-race, 13, 0", "demo-events, 14, 2"})
  void tellsTheTruthAboutTheDemo(String name, long seed, int events) throws IOException {
    List<String> lines = Files.readAllLines(DEMO.resolve(name + ".jsonl"));
    List<JsonNode> known = lines.stream().map(JsonMapper.shared()::readTree).toList();
    List<String> questions =
        known.stream()
            .map(line -> line.path("question").asString(""))
            .filter(text -> !text.isEmpty())
            .distinct()
            .toList();
    ReelPlan plan = new ReelPlan(Split.TEST, seed, 1, 8, 4 / 3.0, 8, questions, events);
    Set<Long> indices =
        known.stream()
            .map(line -> line.path("scene").asLong())
            .collect(Collectors.toCollection(TreeSet::new));
    List<ReelScene> scenes = new ArrayList<>();
    for (long index : indices) {
      scenes.add(ReelScene.of(plan, index).orElseThrow());
    }

    assertThat(ReelFile.lines(new Reel(scenes), name + ".mp4")).isEqualTo(lines);
    assertThat(DEMO.resolve(name + ".mp4")).isNotEmptyFile();
    for (ReelScene scene : scenes) {
      String caption = Captions.of(scene.facts()).orElseThrow();
      assertThat(CaptionCheck.check(caption, scene.facts())).allMatch(CaptionCheck.Verdict::holds);
    }
  }
}
