package dev.densestream.trainer.train.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.TinyRuntime;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several questions about a window behind its pictures: each is learnt as if it stood there alone.
 */
class PackedQuestionsTest {
  private static final ModelPlan PLAN = TinyModel.plan();
  private static final Shares WORDS = Shares.wordsAlone();
  private static final Dialogue COLOUR =
      new Dialogue("What colour is the circle?", "Red", "colour");
  private static final Dialogue PRESENCE = new Dialogue("Is the circle blue?", "No", "presence");

  @AutoClose private static TinyRuntime tiny;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    tiny = TinyRuntime.open(folder);
  }

  private static Trainee trainee() {
    return new Trainee(tiny.runtime(), PLAN, TinyModel.table(PLAN), p -> p.initial(7), 1);
  }

  @Test
  void questionsPackedTogetherDoNotSeeEachOther() {
    try (Trainee trainee = trainee()) {
      double colour = words(trainee, COLOUR);
      double presence = words(trainee, PRESENCE);
      double both = words(trainee, COLOUR, PRESENCE);
      // Both answers are one word and the end, so the mean over targets is the mean of the two.
      assertThat(both).isCloseTo((colour + presence) / 2, within(1e-5));
      assertThat(colour).isNotCloseTo(presence, within(1e-5));
    }
  }

  /** Short and long ones, so that they do not lie at the same rows of attention's blocks. */
  @Test
  void eachOfManyQuestionsIsAnsweredAsIfAskedAlone() {
    List<Dialogue> dialogues = new ArrayList<>();
    for (int length = 1; length <= 9; length++) {
      dialogues.add(new Dialogue("Is it so?", "red ".repeat(length).strip(), "colour"));
      dialogues.add(new Dialogue("Is the circle " + "blue ".repeat(length) + "?", "no", "colour"));
    }
    try (Trainee trainee = trainee()) {
      double sum = 0;
      double targets = 0;
      for (Dialogue one : dialogues) {
        int own = one.answers().getFirst().split(" ", -1).length + 1;
        sum += own * words(trainee, one);
        targets += own;
      }
      assertThat(words(trainee, dialogues.toArray(Dialogue[]::new)))
          .isCloseTo(sum / targets, within(1e-5));
    }
  }

  @Test
  void learnsTheLikeliestOfSeveralRightAnswers_inEachWindow() {
    Dialogue either = new Dialogue("Which?", List.of("Red", "No"), "colour", List.of());
    try (Trainee trainee = trainee()) {
      double red = words(trainee, new Dialogue("Which?", "Red", "colour"));
      double no = words(trainee, new Dialogue("Which?", "No", "colour"));
      assertThat(red).isNotCloseTo(no, within(1e-3));
      assertThat(words(trainee, either)).isCloseTo(Math.min(red, no), within(1e-5));
      // Another question, in the same window or in another one, is learnt whatever this one is.
      double presence = words(trainee, PRESENCE);
      assertThat(words(trainee, PRESENCE, either))
          .isCloseTo((Math.min(red, no) + presence) / 2, within(1e-5));
      Lesson one = TinyModel.lesson(PLAN, 5, either);
      Lesson other = TinyModel.lesson(PLAN, 5, PRESENCE);
      Batch batch =
          TinyModel.assembly(tiny.tokenizer(), PLAN).join(List.of(one, other), TinyModel.FRAMES);
      assertThat((double) trainee.measure(batch, WORDS).losses()[1])
          .isCloseTo((Math.min(red, no) + presence) / 2, within(1e-5));
    }
  }

  private static double words(Trainee trainee, Dialogue... dialogues) {
    Lesson lesson = TinyModel.lesson(PLAN, 5, dialogues);
    Batch batch =
        TinyModel.assembly(tiny.tokenizer(), PLAN).join(List.of(lesson), TinyModel.FRAMES);
    return trainee.measure(batch, WORDS).losses()[1];
  }
}
