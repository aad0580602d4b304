package dev.densestream.trainer.train.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.TinyRuntime;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shape may count more than the other labels of what is seen, and nowhere else. */
class ShapeShareTest {
  private static final List<String> SEEN = List.of("patches", "tokens");

  @TempDir private Path folder;

  @Test
  void addsTheLossOfShapeSoManyTimes() throws Exception {
    ModelPlan plan = TinyModel.plan();
    Dialogue dialogue = new Dialogue("What colour is the circle?", "Red", "colour");
    try (TinyRuntime tiny = TinyRuntime.open(folder);
        Trainee trainee =
            new Trainee(tiny.runtime(), plan, TinyModel.table(plan), p -> p.initial(7), 1)) {
      Batch batch =
          TinyModel.assembly(tiny.tokenizer(), plan)
              .join(List.of(TinyModel.lesson(plan, 1, dialogue)), TinyModel.FRAMES);
      trainee.begin(TinyModel.stage(1, false, shares(1)));
      float[] once = trainee.measure(batch, shares(1)).losses();
      float[] twice = trainee.measure(batch, shares(2)).losses();
      float[] thrice = trainee.measure(batch, shares(3)).losses();

      for (int i = 1; i < once.length; i++) { // behind the total
        float more = twice[i] - once[i];
        if (SEEN.contains(Trainee.LOSSES.get(i))) {
          assertThat(more).as(Trainee.LOSSES.get(i)).isBetween(0.5f, once[i]);
        } else {
          assertThat(more).as(Trainee.LOSSES.get(i)).isZero();
        }
        assertThat(thrice[i] - twice[i]).as(Trainee.LOSSES.get(i)).isCloseTo(more, within(1e-4f));
      }
    }
  }

  private static Shares shares(double shape) {
    return new Shares(1, 1, 1, 1, 1, 1, shape);
  }
}
