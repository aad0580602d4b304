package dev.densestream.trainer.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.Stills;
import dev.densestream.trainer.world.World;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Captions are read back and compared with the scene: true ones hold, false ones are caught. */
class CaptionCheckTest {
  private static final Scene SCENE =
      Stills.scene(
          1,
          Stills.moving(Shape.CIRCLE, Colour.RED, 0xe02020, 0.8, 0.3, 0.2, 0.3),
          Stills.still(Shape.SQUARE, Colour.BLUE, 0x2040e0, 0.5, 0.75));
  private static final Facts FACTS = Facts.of(SCENE, 0.5, 1.5, 2.5, 3.5);

  @Test
  void takesWhatIsTrue() {
    assertThat(holds("A red circle moves left.")).isTrue();
    assertThat(holds("A circle moves left.")).isTrue();
    assertThat(holds("There is a blue square.")).isTrue();
    assertThat(holds("A small blue square stays still.")).isTrue();
  }

  @Test
  void catchesWhatIsFalse() {
    for (String caption :
        List.of(
            "A red circle moves right.",
            "A red circle moves up.",
            "A red circle stays still.",
            "A blue circle moves left.",
            "A red square moves left.",
            "A large blue square stays still.",
            "There is a star.",
            "A blue square turns red.",
            "A red circle passes in front of a blue square.",
            "A red circle hits a blue square.",
            "A red circle grows.",
            "A red circle leaves to the left.",
            "I do not know.")) {
      assertThat(holds(caption)).as(caption).isFalse();
    }
  }

  @Test
  void takesNothingThatItCannotRead() {
    for (String caption :
        List.of(
            "",
            "Nice.",
            "A red circle.",
            "A red circle flies.",
            "a a a",
            "A red dog moves left.")) {
      assertThat(CaptionCheck.check(caption, FACTS))
          .as(caption)
          .allMatch(verdict -> !verdict.readable() && !verdict.holds());
    }
  }

  @Test
  void judgesEachSentenceAlone() {
    assertThat(CaptionCheck.check("A red circle moves left. A blue square grows.", FACTS))
        .extracting(CaptionCheck.Verdict::holds)
        .containsExactly(true, false);
  }

  @Test
  void everySentenceOfEveryCaptionIsTrue_andInWordsOfTheList() {
    Set<String> words = new HashSet<>(Vocabulary.words());
    int sentences = 0;
    for (long i = 0; i < 400; i++) {
      Facts facts = facts(World.scene(Split.TEST, 31, i));
      for (String caption : Captions.of(facts).stream().toList()) {
        assertThat(words).containsAll(Vocabulary.split(caption));
        List<CaptionCheck.Verdict> verdicts = CaptionCheck.check(caption, facts);
        assertThat(verdicts).as("scene " + i).allMatch(CaptionCheck.Verdict::holds);
        List<String> single = CaptionLength.SENTENCE.of(facts);
        assertThat(caption).startsWith(single.getFirst());
        assertThat(single).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(verdicts.size());
        for (String sentence : single) {
          assertThat(CaptionCheck.check(sentence, facts)).hasSize(1);
          assertThat(caption).contains(sentence);
        }
        sentences += verdicts.size();
      }
    }
    assertThat(sentences).isGreaterThan(500);
  }

  /** What rests is no caption of a scene in which something happens. */
  @Test
  void tellsWhatHappens_inOneSentence_whereSomethingDoes() {
    int eventful = 0;
    for (long i = 0; i < 200; i++) {
      Facts facts = facts(World.objects(Split.TEST, 31, i));
      List<String> told = CaptionLength.SENTENCE.of(facts);
      boolean rests = told.stream().anyMatch(one -> one.contains(Predicates.STILL));
      boolean happens = facts.happenings().stream().anyMatch(one -> seen(facts, one.actor()));
      assertThat(rests && happens).as("scene " + i).isFalse();
      eventful += told.size() > 1 && happens ? 1 : 0;
    }
    assertThat(eventful).isGreaterThan(50);
    Facts still = facts(World.crowd(Split.TEST, 31, 1));
    assertThat(CaptionLength.SENTENCE.of(still)).allMatch(one -> one.contains(Predicates.STILL));
  }

  private static boolean seen(Facts facts, int actor) {
    return facts.sighting(actor).filter(one -> one.seen()).isPresent();
  }

  /** The control: captions of other scenes are mostly false. */
  @Test
  void captionsOfOtherScenesAreCaught() {
    int sentences = 0;
    int held = 0;
    for (long i = 0; i < 200; i++) {
      Optional<String> other = Captions.of(facts(World.objects(Split.TEST, 31, i + 1)));
      Facts facts = facts(World.objects(Split.TEST, 31, i));
      for (String caption : other.stream().toList()) {
        for (CaptionCheck.Verdict verdict : CaptionCheck.check(caption, facts)) {
          sentences++;
          held += verdict.holds() ? 1 : 0;
        }
      }
    }
    assertThat((double) held / sentences).isLessThan(0.05);
  }

  private static Facts facts(Scene scene) {
    return Facts.of(scene, scene.middles(8));
  }

  private static boolean holds(String caption) {
    return CaptionCheck.check(caption, FACTS).stream().allMatch(CaptionCheck.Verdict::holds);
  }
}
