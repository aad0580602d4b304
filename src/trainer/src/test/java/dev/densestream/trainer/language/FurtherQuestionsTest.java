package dev.densestream.trainer.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More questions of certain types than a scene is asked otherwise. */
class FurtherQuestionsTest {
  private static final int SCENES = 80;
  private static final int MOST = 6;

  private static Facts facts(long scene) {
    return Facts.of(World.scene(Split.TRAIN, 4, scene), 0.2, 0.9, 1.6, 2.3, 3.0, 3.7, 4.4, 5.1);
  }

  private static List<Example> more(long scene, QuestionType type) {
    return Questions.further(facts(scene), new SplittableRandom(scene), Map.of(type, MOST));
  }

  @ParameterizedTest
  @EnumSource(names = {"ORDER", "COUNT", "DIRECTION"})
  void areAllOfTheType_differ_andAreNoMoreThanAskedFor(QuestionType type) {
    int most = 0;
    for (long scene = 0; scene < SCENES; scene++) {
      List<Example> asked = more(scene, type);
      most = Math.max(most, asked.size());
      assertThat(asked).extracting(Example::type).isSubsetOf(type);
      assertThat(asked).extracting(Example::question).doesNotHaveDuplicates();
    }
    assertThat(most).isEqualTo(MOST);
  }

  /** The control: answered by the other of two, none would be right. */
  @Test
  void ofOrderAreAnsweredByWhatBeganFirst_orLastWhereThatIsAsked() {
    List<Example> all = new ArrayList<>();
    for (long scene = 0; scene < SCENES; scene++) {
      all.addAll(more(scene, QuestionType.ORDER));
    }
    assertThat(all).hasSizeGreaterThan(SCENES);
    for (Example one : all) {
      boolean last = one.question().contains("last");
      Example.Mention first = one.mentions().getFirst();
      Example.Mention second = one.mentions().getLast();
      assertThat(first.happening().onset()).isLessThan(second.happening().onset());
      assertThat(one.answer())
          .isEqualTo((last ? second : first).phrase())
          .isNotEqualTo((last ? first : second).phrase());
    }
    assertThat(all).anyMatch(one -> one.question().contains("last"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ORDER", "COUNT", "DIRECTION"})
  void areMoreThanASceneIsAskedOtherwise(QuestionType type) {
    long otherwise = 0;
    long more = 0;
    for (long scene = 0; scene < SCENES; scene++) {
      otherwise +=
          Questions.about(facts(scene), new SplittableRandom(scene)).stream()
              .filter(one -> one.type() == type)
              .count();
      more += more(scene, type).size();
    }
    assertThat(more).isGreaterThan(otherwise);
  }

  @Test
  void canBeOfSeveralTypes_eachWithItsOwnNumber() {
    Map<QuestionType, Integer> most = Map.of(QuestionType.ORDER, 3, QuestionType.COUNT, 2);
    List<QuestionType> types = new ArrayList<>();
    for (long scene = 0; scene < SCENES; scene++) {
      List<Example> asked = Questions.further(facts(scene), new SplittableRandom(scene), most);
      most.forEach(
          (type, own) ->
              assertThat(asked.stream().filter(one -> one.type() == type).count())
                  .isLessThanOrEqualTo(own));
      asked.forEach(one -> types.add(one.type()));
    }
    assertThat(types).containsOnly(QuestionType.ORDER, QuestionType.COUNT);
  }

  /** So that what is learnt without them stays what it was. */
  @Test
  void drawNothing_whereNoneAreAskedFor() {
    SplittableRandom random = new SplittableRandom(5);
    assertThat(Questions.further(facts(1), random, Map.of())).isEmpty();
    assertThat(random.nextLong()).isEqualTo(new SplittableRandom(5).nextLong());
  }
}
