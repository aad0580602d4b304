package dev.densestream.trainer.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  private static final String TOWER = "clip-vit-tiny-patch6-24";
  private static final String CONFIG =
      TinyModel.config(
          """
          {"name": "look", "steps": 3, "windows": 2, "framesFrom": 1, "framesTo": 2, "questions": 2, "further": {}, "exercises": 2,
          "crowded": 0.5, "coded": 0.5, "rate": 1e-3, "warmUp": 2, "rateEnd": 0.1, "towerRate": 1, "bfloat16": false, "learns": ["tower", "projector", "heads"],
          "shares": {"words": 0, "patches": 1, "tokens": 1, "history": 0, "pointing": 0, "subjects": 0, "shape": 1}},
          {"name": "talk", "steps": 3, "windows": 2, "framesFrom": 1, "framesTo": 2, "questions": 2, "further": {}, "exercises": 2,
          "crowded": 0.5, "coded": 0.5, "rate": 1e-3, "warmUp": 1, "rateEnd": 0.1, "towerRate": 1, "bfloat16": true, "learns": ["tower", "projector", "language"],
          "shares": {"words": 1, "patches": 0.1, "tokens": 0.1, "history": 0.1, "pointing": 0.1, "subjects": 0.1, "shape": 1}}
          """);

  private final StringWriter said = new StringWriter();
  private TensorRuntime runtime;

  @TempDir private Path folder;

  @BeforeEach
  void open() {
    runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
  }

  @AfterEach
  void close() {
    assertThat(runtime.liveHandles()).isZero();
    runtime.close();
  }

  private boolean train(String config, String name, int steps, boolean resume) throws Exception {
    TrainingRun.Settings settings = new TrainingRun.Settings(steps, Duration.ofHours(1), 0, 1);
    TrainConfig read = TrainConfig.read(Files.writeString(folder.resolve("config.json"), config));
    try (TrainingRun run =
        new TrainingRun(
            read, config, folder.resolve(name), resume, settings, runtime, new PrintWriter(said))) {
      return run.run();
    }
  }

  private byte[] weights(String name) throws Exception {
    return Files.readAllBytes(folder.resolve(name).resolve("model/model.safetensors"));
  }

  @Test
  void endsWithTheSameModel_wheneverItWasInterrupted() throws Exception {
    assertThat(train(CONFIG, "whole", 100, false)).isTrue();
    for (int step = 0; step < 5; step++) {
      assertThat(train(CONFIG, "parts", 1, step > 0)).isFalse();
    }
    assertThat(train(CONFIG, "parts", 1, true)).isTrue();

    assertThat(weights("parts")).isEqualTo(weights("whole"));
  }

  @Test
  void keepsTheStateAtAStagesEnd_toGoOnFromThereAgain() throws Exception {
    train(CONFIG, "whole", 100, false);
    Path again = Files.createDirectories(folder.resolve("again"));
    Files.copy(folder.resolve("whole/config.json"), again.resolve("config.json"));
    Files.copy(
        folder.resolve("whole/state-after-look.safetensors"), again.resolve("state.safetensors"));

    assertThat(train(CONFIG, "again", 100, true)).isTrue();

    assertThat(weights("again")).isEqualTo(weights("whole"));
  }

  /** The control: not every training ends with that model. */
  @Test
  void endsWithAnotherModel_withAnotherSeed() throws Exception {
    train(CONFIG, "one", 2, false);
    train(CONFIG.replace("\"seed\": 1", "\"seed\": 2"), "two", 2, false);

    assertThat(weights("one")).isNotEqualTo(weights("two"));
  }

  @Test
  void beginsWithTheTowerThatItIsGiven() throws Exception {
    train(CONFIG, "first", 2, false);
    String talkAlone =
        CONFIG
            .replace("\"decay\"", "\"towerFrom\": \"first/model/" + TOWER + "\", \"decay\"")
            .replace("\"tower\", \"projector\", ", "\"projector\", ");

    train(talkAlone.replace("\"seed\": 1", "\"seed\": 2"), "second", 4, false);

    assertThat(tower("second")).isEqualTo(tower("first"));
    // The control: without being given it, it has another one.
    train(CONFIG.replace("\"seed\": 1", "\"seed\": 2"), "third", 4, false);
    assertThat(tower("third")).isNotEqualTo(tower("first"));
  }

  @Test
  void refusesATowerThatIsNotThere_orOfOtherSizes() throws Exception {
    train(CONFIG, "first", 1, false);
    String with = "\"towerFrom\": \"%s\", \"decay\"";
    String missing = CONFIG.replace("\"decay\"", with.formatted("nowhere"));
    String wide =
        CONFIG
            .replace("\"decay\"", with.formatted("first/model/" + TOWER))
            .replace("\"feedForward\": 12", "\"feedForward\": 16");

    assertThatThrownBy(() -> train(missing, "one", 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("towerFrom")
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> train(wide, "two", 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("towerFrom")
        .hasMessageContaining("mlp.fc1");
    // Heads change no shape.
    String heads =
        CONFIG
            .replace("\"decay\"", with.formatted("first/model/" + TOWER))
            .replace("\"heads\": 2, \"blocks\"", "\"heads\": 4, \"blocks\"");
    assertThatThrownBy(() -> train(heads, "three", 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("towerFrom")
        .hasMessageContaining("num_attention_heads");
  }

  private byte[] tower(String name) throws Exception {
    return Files.readAllBytes(
        folder.resolve(name).resolve("model").resolve(TOWER).resolve("model.safetensors"));
  }

  @Test
  void refusesToOverwriteATraining_orToGoOnByAnotherConfig() throws Exception {
    train(CONFIG, "one", 1, false);

    assertThatThrownBy(() -> train(CONFIG, "one", 1, false)).hasMessageContaining("--resume");
    assertThatThrownBy(() -> train(CONFIG.replace("0.01", "0.02"), "one", 1, true))
        .hasMessageContaining("another config");
    Files.delete(folder.resolve("one/config.json"));
    assertThatThrownBy(() -> train(CONFIG, "one", 1, true))
        .hasMessageContaining("without its config.json");
  }

  @Test
  void leavesATrainingThatIsOverAsItIs() throws Exception {
    assertThat(train(CONFIG, "over", 6, false)).isTrue();
    byte[] before = weights("over");

    assertThat(train(CONFIG, "over", 6, true)).isTrue();
    assertThat(weights("over")).isEqualTo(before);
  }

  @Test
  void goesOnByAConfigWithOtherStagesToCome_asIfItHadFollowedItFromTheStart() throws Exception {
    String slower = CONFIG.replace("\"warmUp\": 1", "\"warmUp\": 3");
    train(slower, "whole", 6, false);
    train(CONFIG, "parts", 3, false);

    assertThat(train(slower, "parts", 6, true)).isTrue();
    assertThat(weights("parts")).isEqualTo(weights("whole"));

    train(CONFIG, "begun", 4, false);
    assertThatThrownBy(() -> train(slower, "begun", 6, true))
        .as("the second stage has begun")
        .hasMessageContaining("another config");
  }

  @Test
  void refusesReplicasThatDoNotDivideTheWindows() {
    String none = CONFIG.replace("\"replicas\": 2,", "");
    String three = CONFIG.replace("\"replicas\": 2", "\"replicas\": 3");

    assertThatThrownBy(() -> train(none, "one", 1, false)).hasMessageContaining("replicas");
    assertThatThrownBy(() -> train(three, "one", 1, false))
        .hasMessageContaining("stage look")
        .hasMessageContaining("3 replicas");
  }

  @Test
  void saysWhatItDoes() throws Exception {
    train(CONFIG, "one", 2, false);

    assertThat(said.toString()).contains("look 1/3 loss ").contains("look 2/3").contains(" left");
  }
}
