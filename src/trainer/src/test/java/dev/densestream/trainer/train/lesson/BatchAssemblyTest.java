package dev.densestream.trainer.train.lesson;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import dev.densestream.trainer.train.lesson.Lesson.Mention;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchAssemblyTest {
  private static final ModelPlan PLAN = TinyModel.plan();

  private static Batch batch(Path folder, Mention... onsets) throws Exception {
    Dialogue first =
        new Dialogue(
            "What is red: the circle or a circle?", "the circle", "order", List.of(onsets));
    Dialogue second = new Dialogue("Is the circle red?", "yes", "presence");
    try (Tokenizer tokenizer = TinyModel.tokenizer(folder)) {
      return TinyModel.assembly(tokenizer, PLAN)
          .join(List.of(TinyModel.lesson(PLAN, 1, second, first)), TinyModel.FRAMES);
    }
  }

  /** What is told at each label that is there, as the words up to it in its question. */
  private static List<String> told(Batch batch, Path folder) throws Exception {
    List<String> told = new ArrayList<>();
    try (Tokenizer tokenizer = TinyModel.tokenizer(folder)) {
      for (int i = 0; i < batch.onsets().length; i++) {
        if (batch.onsets()[i] != Labels.NONE) {
          List<Integer> ids = List.of((int) batch.text()[i - 1], (int) batch.text()[i]);
          told.add(batch.onsets()[i] + " " + tokenizer.decode(ids).strip());
        }
      }
    }
    return told;
  }

  @Test
  void tellsAPhrasesFirstFrame_whereThePhraseEnds(@TempDir Path folder) throws Exception {
    Batch batch = batch(folder, new Mention("the circle", 3), new Mention("a circle", 5));
    assertThat(told(batch, folder)).containsExactly("3 the circle", "5 a circle");
  }

  @Test
  void tellsNothing_whenNothingBegins(@TempDir Path folder) throws Exception {
    assertThat(batch(folder).onsets()).containsOnly(Labels.NONE);
  }

  @Test
  void tellsOfWhomAPhraseSpeaks_byTheFirstWordsThatSay(@TempDir Path folder) throws Exception {
    long circle = requireNonNull(Labels.words().get("circle"));
    long red = requireNonNull(Labels.words().get("red")) / Labels.CODES;

    assertThat(subjects(folder, "the red circle")).containsExactly(circle, red);
    assertThat(subjects(folder, "the circle")).containsExactly(circle, 0L);
    assertThat(subjects(folder, "the red one")).containsExactly(0L, red);
    assertThat(subjects(folder, "the small circle")).containsExactly(circle, 0L);
    assertThat(subjects(folder, "the circle turns red")).containsExactly(circle, 0L);
    assertThat(subjects(folder, "the red one hits the circle")).containsExactly(0L, red);
  }

  /** The labels that are there when a phrase is asked about: of shape, and of colour. */
  private static List<Long> subjects(Path folder, String phrase) throws Exception {
    Dialogue asked =
        new Dialogue("Is it so: " + phrase + "?", "no", "order", List.of(new Mention(phrase)));
    try (Tokenizer tokenizer = TinyModel.tokenizer(folder)) {
      Batch batch =
          TinyModel.assembly(tokenizer, PLAN)
              .join(List.of(TinyModel.lesson(PLAN, 1, asked)), TinyModel.FRAMES);
      assertThat(batch.onsets()).containsOnly(Labels.NONE);
      return LongStream.of(batch.subjects()).filter(label -> label != Labels.NONE).boxed().toList();
    }
  }

  /** From the one row whose next id is the answer's first. */
  @Test
  void tellsOfWhomAnAnswerWillSpeak_thatIsAPartOfItsQuestion(@TempDir Path folder)
      throws Exception {
    Batch part = batch(folder, new Mention("the circle", 3), new Mention("a circle", 5));
    assertThat(beforeAnswers(part))
        .containsExactly((long) requireNonNull(Labels.words().get("circle")));
    // The control: no phrase is the answer.
    Batch other = batch(folder, new Mention("a circle", 5));
    assertThat(beforeAnswers(other)).isEmpty();
  }

  private static List<Long> beforeAnswers(Batch batch) {
    List<Long> told = new ArrayList<>();
    for (int i = 0; i < batch.targets().length; i++) {
      if (batch.targets()[i] != Labels.NONE && batch.subjects()[2 * i] != Labels.NONE) {
        told.add(batch.subjects()[2 * i]);
      }
    }
    return told;
  }

  @Test
  void wordsMeanShapeColourAndSize_aShapeWhatStandsBeforeItToo(@TempDir Path folder)
      throws Exception {
    long circle = requireNonNull(Labels.words().get("circle"));
    long red = requireNonNull(Labels.words().get("red"));
    long small = requireNonNull(Labels.words().get("small"));

    assertThat(meant(folder, "Is the small circle red?"))
        .containsExactly(small, small + circle, red);
    assertThat(meant(folder, "Is the small object a red circle?"))
        .containsExactly(small, red, red + circle);
  }

  private static List<Long> meant(Path folder, String question) throws Exception {
    try (Tokenizer tokenizer = TinyModel.tokenizer(folder)) {
      Lesson lesson = TinyModel.lesson(PLAN, 1, new Dialogue(question, "no", "presence"));
      Batch batch = TinyModel.assembly(tokenizer, PLAN).join(List.of(lesson), TinyModel.FRAMES);
      return LongStream.of(batch.meant()).filter(one -> one != Labels.NONE).boxed().toList();
    }
  }

  @Test
  void refusesAPhraseThatTheQuestionDoesNotHave(@TempDir Path folder) {
    assertThatThrownBy(() -> batch(folder, new Mention("the blue circle", 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the blue circle");
  }
}
