package dev.densestream.trainer.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.world.Actor;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Pixels;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.Stills;
import dev.densestream.trainer.world.World;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Questions are fair, their answers right, and their words in the list. */
class QuestionsTest {
  private static final int RED = 0xe02020;
  private static final int BLUE = 0x2040e0;

  @Test
  void asksOfEveryType_inWordsOfTheList() {
    Set<String> words = new HashSet<>(Vocabulary.words());
    EnumSet<QuestionType> types = EnumSet.noneOf(QuestionType.class);
    for (Example example : examples(Split.TRAIN, 400)) {
      types.add(example.type());
      assertThat(words).containsAll(Vocabulary.split(example.question()));
      assertThat(words).containsAll(Vocabulary.split(example.answer()));
    }
    assertThat(types).containsExactlyInAnyOrder(QuestionType.values());
    assertThat(words).hasSizeLessThan(200);
  }

  @Test
  void answersYesAsOftenAsNo() {
    List<Example> presence =
        examples(Split.TRAIN, 300).stream().filter(e -> e.type() == QuestionType.PRESENCE).toList();
    long yes = presence.stream().filter(example -> example.answer().equals("yes")).count();

    assertThat(yes).isGreaterThan(100).isEqualTo(presence.size() - yes);
  }

  @Test
  void saysWhenBegins_whatAQuestionAboutOrderSpeaksOf() {
    int compared = 0;
    for (Example example : examples(Split.TRAIN, 300)) {
      if (example.type() != QuestionType.ORDER) {
        assertThat(example.mentions()).isEmpty();
        continue;
      }
      compared++;
      assertThat(example.mentions()).hasSize(2);
      assertThat(example.mentions())
          .allSatisfy(one -> assertThat(example.question()).contains(one.phrase()))
          .allSatisfy(one -> assertThat(example.choices()).contains(one.phrase()));
      boolean last = example.question().contains(" last");
      Example.Mention right = example.mentions().get(last ? 1 : 0);
      assertThat(example.answer()).isEqualTo(right.phrase());
      assertThat(example.mentions().get(0).happening().onset())
          .isLessThan(example.mentions().get(1).happening().onset());
    }
    assertThat(compared).isGreaterThan(50);
  }

  @Test
  void neverAsksWhichOfTwoIsMeant() {
    Scene two =
        Stills.scene(
            1,
            Stills.still(Shape.CIRCLE, Colour.RED, RED, 0.25, 0.3),
            Stills.still(Shape.CIRCLE, Colour.BLUE, BLUE, 0.75, 0.3));

    for (Example example : many(two)) {
      assertThat(example.question()).doesNotContainPattern(" the circle[ ?,.]");
    }
    assertThat(many(two)).anyMatch(example -> example.question().contains("the red "));
    assertThat(answers(two, "How many circles are there?")).containsOnly("2");
  }

  @Test
  void asksNothingAboutWhatIsHalfOutside_andNoCountThatDependsOnIt() {
    Scene scene =
        Stills.scene(
            1,
            Stills.still(Shape.STAR, Colour.RED, RED, 0.0, 0.5),
            Stills.still(Shape.CIRCLE, Colour.BLUE, BLUE, 0.6, 0.5));

    assertThat(many(scene)).isNotEmpty();
    for (Example example : many(scene)) {
      assertThat(example.question())
          .doesNotContainPattern("the star|stars| a star| red (object|star)|the red");
      assertThat(example.question()).doesNotContain("How many objects");
    }
  }

  @Test
  void countsWhatThePixelsShow() {
    int compared = 0;
    for (long i = 0; i < 60; i++) {
      Scene scene = World.objects(Split.TEST, 21, i);
      Scene plain = Stills.scene(scene.aspect(), scene.actors().toArray(Actor[]::new));
      // One frame: what is counted is all in it.
      Facts facts = Facts.of(plain, 0.2);
      for (Example example : Questions.about(facts, new SplittableRandom(i))) {
        if (example.type() == QuestionType.COUNT
            && example.question().contains(" objects")
            && Colours.none(example.question())) {
          compared++;
          int width = (int) (160 * plain.width());
          int height = (int) (160 * plain.height());
          Pixels pixels = Pixels.of(plain, 0.2, width, height);
          assertThat(String.valueOf(pixels.patchesOtherThan(Stills.GREY, 24, 30)))
              .as("scene " + i)
              .isEqualTo(example.answer());
        }
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  @Test
  void knowsSidesAndDirections() {
    Scene scene =
        Stills.scene(
            1,
            Stills.moving(Shape.STAR, Colour.RED, RED, 0.15, 0.2, 0.15, 0.8),
            Stills.still(Shape.CIRCLE, Colour.BLUE, BLUE, 0.85, 0.2));

    assertThat(answers(scene, "Is the star left or right?")).containsOnly("left");
    assertThat(answers(scene, "Which way does the star move?")).containsOnly("down");
    assertThat(answers(scene, "Does the circle move?")).containsOnly("no");
    assertThat(answers(scene, "Where is the circle?")).containsOnly("top right");
    assertThat(answers(scene, "What is moving?")).containsOnly("red star");
    assertThat(answers(scene, "What colour is the circle?")).containsOnly("blue");
    assertThat(answers(scene, "What shape is the blue object?")).containsOnly("circle");
    assertThat(answers(scene, "Is the circle left or right of the star?")).containsOnly("right");
  }

  @Test
  void doesNotKnowAnythingAboutForeignFootage() {
    for (long i = 0; i < 50; i++) {
      Scene scene = World.foreign(Split.TRAIN, 1, i);
      List<Example> examples = Questions.about(Facts.of(scene, 0, 1), new SplittableRandom(i));
      assertThat(examples)
          .isNotEmpty()
          .allSatisfy(example -> assertThat(example.answer()).isEqualTo(Questions.UNKNOWN));
    }
  }

  private static List<Example> many(Scene scene) {
    Facts facts = Facts.of(scene, 0.5, 1.5, 2.5, 3.5);
    return IntStream.range(0, 120)
        .mapToObj(i -> Questions.about(facts, new SplittableRandom(i)))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> answers(Scene scene, String question) {
    return many(scene).stream()
        .filter(example -> example.question().equals(question))
        .map(Example::answer)
        .toList();
  }

  private static List<Example> examples(Split split, int scenes) {
    List<Example> examples = new ArrayList<>();
    for (long i = 0; i < scenes; i++) {
      Scene scene = World.scene(split, 4, i);
      double[] times = {0.2, 0.9, 1.6, 2.3, 3.0, 3.7};
      examples.addAll(Questions.about(Facts.of(scene, times), new SplittableRandom(i)));
    }
    return examples;
  }

  /** Whether a question names no colour. */
  private static final class Colours {
    static boolean none(String question) {
      return Answers.COLOURS.stream().noneMatch(question::contains);
    }
  }
}
