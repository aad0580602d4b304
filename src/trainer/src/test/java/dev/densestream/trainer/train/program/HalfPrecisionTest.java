package dev.densestream.trainer.train.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.TinyRuntime;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With products in bfloat16 a model learns what it learns without. */
class HalfPrecisionTest {
  private static final Dialogue COLOUR =
      new Dialogue("What colour is the circle?", "Red", "colour");

  @TempDir private Path folder;

  @Test
  void losesPrecisionAndNothingElse() throws Exception {
    List<Float> whole = losses(false);
    List<Float> half = losses(true);

    assertThat(half.getFirst())
        .as("the control: products differ")
        .isNotEqualTo(whole.getFirst())
        .isCloseTo(whole.getFirst(), withinPercentage(1));
    assertThat(half.getLast())
        .isLessThan(whole.getFirst() * 0.9f)
        .isCloseTo(whole.getLast(), withinPercentage(5));
  }

  /** The first, and after 30 steps the last. */
  private List<Float> losses(boolean bfloat16) throws Exception {
    ModelPlan plan = TinyModel.plan();
    Stage stage = TinyModel.stage(1, bfloat16, TinyModel.ALL);
    try (TinyRuntime tiny = TinyRuntime.open(folder);
        Trainee trainee =
            new Trainee(tiny.runtime(), plan, TinyModel.table(plan), p -> p.initial(7), 1)) {
      Batch batch =
          TinyModel.assembly(tiny.tokenizer(), plan)
              .join(List.of(TinyModel.lesson(plan, 1, COLOUR)), TinyModel.FRAMES);
      trainee.begin(stage);
      float before = trainee.learn(List.of(batch), TinyModel.ALL)[0];
      for (int step = 1; step <= 30; step++) {
        trainee.update(step, 5e-3, 0, 1);
        trainee.learn(List.of(batch), TinyModel.ALL);
      }
      return List.of(before, trainee.measure(batch, TinyModel.ALL).losses()[0]);
    }
  }
}
