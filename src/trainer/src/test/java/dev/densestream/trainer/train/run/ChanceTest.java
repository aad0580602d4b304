package dev.densestream.trainer.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import dev.densestream.trainer.train.lesson.Lessons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guessing gets, by type. */
class ChanceTest {
  @TempDir private Path folder;

  private static Dialogue asked(String type, String answer, int choices) {
    return new Dialogue("Which?", List.of(answer), type, List.of(), choices);
  }

  private static Dialogue told(String... answers) {
    return new Dialogue("What happens?", List.of(answers), "sentence", List.of());
  }

  private static Lessons lessons(Dialogue... dialogues) {
    Lesson lesson =
        new Lesson(new float[0], new long[0], new long[0], new long[0], List.of(dialogues));
    return (_, _, _) -> lesson;
  }

  @Test
  void isOneOfTheChoices_andAlwaysTheSameWhereThereAreNone() {
    Lessons lessons =
        lessons(
            asked("presence", "yes", 2),
            asked("presence", "yes", 2),
            asked("colour", "red", 8),
            told("A star grows.", "A ring stops."),
            told("A ring stops.", "A star shrinks."),
            told("A cross grows."));

    assertThat(Chance.of(lessons, 2, 5))
        .containsOnly(
            entry("presence", 0.5),
            entry("colour", 0.125),
            entry("sentence", 2 / 3.0),
            // Captions are no questions, as in an examination's accuracy.
            entry("all", 1.125 / 3));
    assertThat(Chance.of(lessons, 2, 0)).containsOnly(entry("all", 0.0));
  }

  /** As many answers as the world's questions have: two of yes and no, eight colours. */
  @Test
  void countsTheChoicesOfTheWorldsQuestions() throws IOException {
    TrainConfig config =
        TrainConfig.read(Files.writeString(folder.resolve("tiny.json"), TinyModel.config(STAGE)));

    Map<String, Double> chance = TrainingRun.chance(config, 30);

    assertThat(chance).containsEntry("presence", 0.5).doesNotContainKey("exercise");
    assertThat(chance.get("shape")).isCloseTo(1 / 7.0, within(1e-9));
    assertThat(chance.get("all")).isBetween(0.2, 0.4);
  }

  private static final String STAGE =
      """
      {"name": "talk", "steps": 2, "windows": 2, "framesFrom": 1, "framesTo": 2, "questions": 2, "further": {}, "exercises": 2,
      "crowded": 0, "coded": 0, "rate": 1e-3, "warmUp": 1, "rateEnd": 0.1, "towerRate": 1, "bfloat16": true,
      "learns": ["projector", "language"],
      "shares": {"words": 1, "patches": 0, "tokens": 0.1, "history": 0.1, "pointing": 0.1, "subjects": 0.1, "shape": 1}}
      """;
}
