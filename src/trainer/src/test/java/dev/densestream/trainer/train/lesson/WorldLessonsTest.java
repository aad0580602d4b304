package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.language.Exercise;
import dev.densestream.trainer.language.QuestionType;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import dev.densestream.trainer.world.Split;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is asked behind a window's questions. */
class WorldLessonsTest {
  private static final int LESSONS = 12;

  private static List<Dialogue> dialogues(long index, WorldLessons.Behind behind) {
    return new WorldLessons(TinyModel.plan(), Split.TRAIN, 7, behind, 0, 0)
        .lesson(index, 8, 12)
        .dialogues();
  }

  @Test
  void furtherQuestionsStandBehindTheOthers_whichStayAsTheyAre() {
    WorldLessons.Behind none = new WorldLessons.Behind(Map.of(), 0);
    WorldLessons.Behind both = new WorldLessons.Behind(Map.of(QuestionType.ORDER, 6), 2);
    List<Dialogue> further =
        LongStream.range(0, LESSONS)
            .boxed()
            .flatMap(
                index -> {
                  List<Dialogue> before = dialogues(index, none);
                  List<Dialogue> all = dialogues(index, both);
                  assertThat(all.subList(0, before.size())).isEqualTo(before);
                  return all.subList(before.size(), all.size()).stream();
                })
            .toList();

    assertThat(further)
        .extracting(Dialogue::type)
        .containsOnly(Exercise.WORD, QuestionType.ORDER.word())
        .filteredOn(Exercise.WORD::equals)
        .hasSize(2 * LESSONS);
    for (Dialogue one : further) {
      boolean exercise = one.type().equals(Exercise.WORD);
      // What an exercise says need not have happened.
      assertThat(one.mentions())
          .isNotEmpty()
          .allMatch(mention -> (mention.onset() == Labels.NONE) == exercise)
          .allMatch(mention -> one.question().contains(mention.phrase()));
    }
  }
}
