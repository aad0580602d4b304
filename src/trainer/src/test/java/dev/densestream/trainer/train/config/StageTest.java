package dev.densestream.trainer.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.trainer.language.QuestionType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {
  private static final Stage STAGE =
      new Stage(
          "s",
          100,
          1,
          1,
          1,
          1,
          Map.of(),
          0,
          0,
          0,
          2e-3,
          10,
          0.1,
          1,
          false,
          Set.of(Stage.Part.TOWER),
          new Shares(0, 1, 0, 0, 0, 0, 1));

  @Test
  void rateGrowsEvenly_thenFallsAlongACosine() {
    assertThat(STAGE.rateAt(0)).isCloseTo(2e-4, within(1e-12));
    assertThat(STAGE.rateAt(9)).isCloseTo(2e-3, within(1e-12));
    assertThat(STAGE.rateAt(55)).isCloseTo(2e-3 * (0.1 + 0.9 / 2), within(1e-9));
    assertThat(STAGE.rateAt(100)).isCloseTo(2e-4, within(1e-12));
  }

  @Test
  void readsTheCommittedConfig() {
    TrainConfig config = TrainConfig.read(Path.of("config/demo.json"));

    assertThat(config.model().tokens()).isEqualTo(25);
    assertThat(config.steps()).isPositive();
    assertThat(config.stages().getLast().further()).containsKey(QuestionType.ORDER);
  }

  @Test
  void namesFileAndMistake(@TempDir Path folder) throws Exception {
    String good = Files.readString(Path.of("config/demo.json"));
    Path file = folder.resolve("bad.json");
    Files.writeString(file, good.replace("\"patch\": 12", "\"patch\": 13"));
    assertThatThrownBy(() -> TrainConfig.read(file))
        .hasMessageContaining("bad.json")
        .hasMessageContaining("side must be a multiple of patch");
    Files.writeString(file, good.replace("\"decay\"", "\"decoy\": 1, \"decay\""));
    assertThatThrownBy(() -> TrainConfig.read(file)).hasMessageContaining("decoy");
    Files.writeString(file, good.replace("{\"order\":", "{\"weather\":"));
    assertThatThrownBy(() -> TrainConfig.read(file)).hasMessageContaining("weather");
    Files.writeString(file, good.replaceAll("\\{\"order\": [0-9]+", "{\"order\": 0"));
    assertThatThrownBy(() -> TrainConfig.read(file)).hasMessageContaining("further");
    Files.writeString(file, good.replace("\"decay\": 0.02,", ""));
    assertThatThrownBy(() -> TrainConfig.read(file)).hasMessageContaining("decay");
  }
}
