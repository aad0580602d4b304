package dev.densestream.trainer.train.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.TinyRuntime;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.History;
import dev.densestream.trainer.train.lesson.Labels;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many labels there are to be told, and how many are told right. */
class ToldLabelsTest {
  @TempDir private Path folder;

  /** The control: few are before anything is learnt. */
  @Test
  void areCountedByKind() throws Exception {
    ModelPlan plan = TinyModel.plan();
    try (TinyRuntime tiny = TinyRuntime.open(folder);
        Trainee trainee =
            new Trainee(tiny.runtime(), plan, TinyModel.table(plan), p -> p.initial(7), 1)) {
      Dialogue dialogue = new Dialogue("What colour is the circle?", "Red", "colour");
      Batch batch =
          TinyModel.assembly(tiny.tokenizer(), plan)
              .join(List.of(TinyModel.lesson(plan, 1, dialogue)), TinyModel.FRAMES);
      trainee.begin(TinyModel.stage(1, false, TinyModel.ALL));
      Trainee.Measured before = trainee.measure(batch, TinyModel.ALL);
      for (int step = 1; step <= 60; step++) {
        trainee.learn(List.of(batch), TinyModel.ALL);
        trainee.update(step, 5e-3, 0, 1);
      }
      Trainee.Measured after = trainee.measure(batch, TinyModel.ALL);
      expectCounts(batch.tokens(), Labels.kinds().length, before.seen(), after.seen());
      expectCounts(batch.history(), History.kinds().length, before.recalled(), after.recalled());
    }
  }

  private static void expectCounts(long[] labels, int kinds, long[] before, long[] after) {
    assertThat(after).hasSize(2 * kinds);
    long rightBefore = 0;
    long rightAfter = 0;
    for (int kind = 0; kind < kinds; kind++) {
      long said = 0;
      for (int i = kind; i < labels.length; i += kinds) {
        said += labels[i] > 0 ? 1 : 0;
      }
      assertThat(after[2 * kind]).as("of kind " + kind).isEqualTo(said).isPositive();
      assertThat(after[2 * kind + 1]).isLessThanOrEqualTo(said);
      rightBefore += before[2 * kind + 1];
      rightAfter += after[2 * kind + 1];
    }
    assertThat(rightAfter).isGreaterThan(2 * rightBefore);
  }
}
