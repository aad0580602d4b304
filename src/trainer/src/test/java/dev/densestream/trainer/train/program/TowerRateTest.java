package dev.densestream.trainer.train.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage may move the vision tower less than the rest. */
class TowerRateTest {
  private static final Shares ALL = new Shares(1, 0.5, 0.5, 0.5, 0.5, 0.5);
  private static final String TOWER = "vision_model.encoder.layers.0.mlp.fc1.weight";
  private static final String NORM = "vision_model.encoder.layers.0.layer_norm1.weight";
  private static final String LANGUAGE = "model.layers.0.mlp.up_proj.weight";

  @TempDir private Path folder;

  /** The control: at the full rate it moves four times as far, and the rest as far as before. */
  @Test
  void towerMovesAtItsShareOfTheRate() throws Exception {
    Map<String, Double> full = moved(1);
    Map<String, Double> quarter = moved(0.25);
    Map<String, Double> none = moved(0);

    for (String key : List.of(TOWER, NORM)) {
      assertThat(full.get(key)).isPositive();
      assertThat(quarter.get(key)).isCloseTo(full.get(key) / 4, within(full.get(key) / 100));
      assertThat(none.get(key)).isZero();
    }
    assertThat(quarter.get(LANGUAGE)).isPositive().isEqualTo(full.get(LANGUAGE));
  }

  /** How far one step moves each at most. */
  private Map<String, Double> moved(double towerRate) throws Exception {
    ModelPlan plan = TinyModel.plan();
    Stage stage =
        new Stage(
            "test",
            100,
            1,
            3,
            3,
            4,
            0,
            0,
            0,
            5e-3,
            0,
            1,
            towerRate,
            false,
            Set.of(Stage.Part.values()),
            ALL);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        Tokenizer tokenizer = TinyModel.tokenizer(folder);
        Trainee trainee = new Trainee(runtime, plan, TinyModel.table(plan), p -> p.initial(7), 1)) {
      Dialogue dialogue = new Dialogue("What colour is the circle?", "Red", "colour");
      Batch batch =
          TinyModel.assembly(tokenizer, plan)
              .join(List.of(TinyModel.lesson(plan, 1, dialogue)), TinyModel.FRAMES);
      trainee.begin(stage);
      Map<String, float[]> before = trainee.values();
      trainee.learn(List.of(batch), ALL);
      trainee.update(1, 1e-2, 0, 1);
      Map<String, float[]> after = trainee.values();
      return Map.of(
          TOWER, farthest(before.get(TOWER), after.get(TOWER)),
          NORM, farthest(before.get(NORM), after.get(NORM)),
          LANGUAGE, farthest(before.get(LANGUAGE), after.get(LANGUAGE)));
    }
  }

  private static double farthest(float[] before, float[] after) {
    return IntStream.range(0, before.length)
        .mapToDouble(i -> Math.abs(after[i] - before[i]))
        .max()
        .orElseThrow();
  }
}
