package dev.densestream.trainer.train.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.visionpipeline.RuntimeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationTest {
  private static final String CONFIG =
      TinyModel.config(
          """
          {"name": "talk", "steps": 2, "windows": 2, "framesFrom": 1, "framesTo": 2, "questions": 2, "further": {}, "exercises": 2,
          "crowded": 0, "coded": 0, "rate": 1e-3, "warmUp": 1, "rateEnd": 0.1, "towerRate": 1, "bfloat16": true,
          "learns": ["projector", "language"],
          "shares": {"words": 1, "patches": 0, "tokens": 0.1, "history": 0.1, "pointing": 0.1, "subjects": 0.1, "shape": 1}}
          """);

  @TempDir private Path folder;

  private String table(StringWriter said) throws Exception {
    return table(CONFIG, 4, said);
  }

  private String table(String text, int scenes, StringWriter said) throws Exception {
    TrainConfig config = TrainConfig.read(Files.writeString(folder.resolve("tiny.json"), text));
    RuntimeSettings engine = new RuntimeSettings(1, "cpu");
    Ablation ablation =
        new Ablation(config, folder.resolve("out"), scenes, engine, new PrintWriter(said, true));
    return ablation.table(List.of(Variant.NONE, Variant.EFFICIENT_DCI), List.of(1L, 2L));
  }

  @Test
  void hasARowForEachConnector_andTrainsNoneTwice() throws Exception {
    StringWriter first = new StringWriter();
    StringWriter again = new StringWriter();

    String table = table(first);

    assertThat(first.toString()).contains("none, seed 1").contains("efficient-dci, seed 2");
    assertThat(table.lines().toList())
        .hasSize(9)
        .satisfies(lines -> assertThat(lines.get(2)).startsWith("| none | 2 | 16 | ").contains("±"))
        .satisfies(lines -> assertThat(lines.get(3)).startsWith("| efficient-dci | 2 | 4 | "))
        .satisfies(
            lines -> assertThat(lines.get(4)).matches("\\| chance \\|.* [1-9]\\d\\.\\d \\|.*"))
        .satisfies(lines -> assertThat(lines.get(8)).startsWith("| efficient-dci | 2 | "));
    assertThat(table(again)).isEqualTo(table);
    assertThat(again.toString()).isEmpty();
    assertThat(table).as("what is said again is no answer").doesNotContain("exercise");
  }

  @Test
  void asksAgain_whenItIsAboutOtherScenes() throws Exception {
    table(new StringWriter());
    StringWriter said = new StringWriter();
    table(CONFIG, 5, said);

    assertThat(said.toString()).contains("none, seed 1").doesNotContain("talk 1/2");
  }

  @Test
  void takesNoOutcomesOfAnotherConfig() throws Exception {
    table(new StringWriter());

    String longer = CONFIG.replace("\"steps\": 2", "\"steps\": 3");
    assertThatThrownBy(() -> table(longer, 4, new StringWriter()))
        .hasMessageContaining("another config");
  }
}
