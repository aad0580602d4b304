package dev.densestream.trainer.train.program;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage may move the vision tower less than the rest. */
class TowerRateTest {
  private static final String TOWER = "vision_model.encoder.layers.0.mlp.fc1.weight";
  private static final String NORM = "vision_model.encoder.layers.0.layer_norm1.weight";
  private static final String LANGUAGE = "model.layers.0.mlp.up_proj.weight";

  @TempDir private Path folder;

  /** The control: at the full rate it moves four times as far, and the rest as far as before. */
  @Test
  void towerMovesAtItsShareOfTheRate() throws Exception {
    Moves full = moved(1);
    Moves quarter = moved(0.25);
    Moves none = moved(0);

    assertThat(full.tower()).isPositive();
    assertThat(quarter.tower()).isCloseTo(full.tower() / 4, within(full.tower() / 100));
    assertThat(none.tower()).isZero();
    assertThat(full.norm()).isPositive();
    assertThat(quarter.norm()).isCloseTo(full.norm() / 4, within(full.norm() / 100));
    assertThat(none.norm()).isZero();
    assertThat(quarter.language()).isPositive().isEqualTo(full.language());
  }

  /** How far one step moves a matrix and a norm of the tower, and a matrix that is not its. */
  private record Moves(double tower, double norm, double language) {}

  /** How far one step moves each at most. */
  private Moves moved(double towerRate) throws Exception {
    ModelPlan plan = TinyModel.plan();
    Stage stage = TinyModel.stage(towerRate, false, TinyModel.ALL);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        Tokenizer tokenizer = TinyModel.tokenizer(folder);
        Trainee trainee = new Trainee(runtime, plan, TinyModel.table(plan), p -> p.initial(7), 1)) {
      Dialogue dialogue = new Dialogue("What colour is the circle?", "Red", "colour");
      Batch batch =
          TinyModel.assembly(tokenizer, plan)
              .join(List.of(TinyModel.lesson(plan, 1, dialogue)), TinyModel.FRAMES);
      trainee.begin(stage);
      Map<String, float[]> before = trainee.values();
      trainee.learn(List.of(batch), TinyModel.ALL);
      trainee.update(1, 1e-2, 0, 1);
      Map<String, float[]> after = trainee.values();
      return new Moves(
          farthest(TOWER, before, after),
          farthest(NORM, before, after),
          farthest(LANGUAGE, before, after));
    }
  }

  private static double farthest(
      String key, Map<String, float[]> before, Map<String, float[]> after) {
    float[] from = requireNonNull(before.get(key));
    float[] to = requireNonNull(after.get(key));
    return IntStream.range(0, from.length)
        .mapToDouble(i -> Math.abs(to[i] - from[i]))
        .max()
        .orElseThrow();
  }
}
