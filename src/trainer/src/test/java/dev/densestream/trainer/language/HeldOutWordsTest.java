package dev.densestream.trainer.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.HeldOut;
import dev.densestream.trainer.world.Motion;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where sentences speak of combinations that only test scenes show, and where none does. */
class HeldOutWordsTest {
  private static final int SCENES = 400;

  /** A colour, a shape and what is said to happen to it. */
  private static final Pattern COMBINATION =
      Pattern.compile(
          "(%s) (%s) (moves (?:left|right|up|down)|enters|leaves|grows|shrinks|turns|passes|hits|stays still)\\b"
              .formatted(String.join("|", Answers.COLOURS), String.join("|", Answers.SHAPES)));

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 6, 8})
  void areNotSaidToHappenInScenesLearntFrom_norAskedAbout(int frames) {
    assertThat(heldOutShare(happening(said(Split.TRAIN, frames)))).isZero();
    assertThat(heldOutShare(happening(said(Split.VALIDATION, frames)))).isZero();
    // The control: of test scenes they are said, in the same words.
    assertThat(heldOutShare(happening(said(Split.TEST, frames)))).isGreaterThan(0.1);
  }

  /** What moves between two frames or outside of them looks still, and is told of so. */
  @Test
  void areSaidToStayStill_whereFewFramesShowNoMotion() {
    assertThat(heldOutShare(said(Split.TRAIN, 1))).isBetween(0.05, 0.15);
    assertThat(heldOutShare(said(Split.TRAIN, 2))).isBetween(0.001, 0.02);
    assertThat(heldOutShare(said(Split.TRAIN, 8))).isLessThan(0.002);
  }

  /** An exercise is answered from its own words: it names them like any others. */
  @Test
  void areNamedByExercises_asOftenAsAnyOther() {
    List<String> said =
        Exercise.some(new SplittableRandom(7), 4000).stream()
            .flatMap(exercise -> exercise.sentences().stream())
            .toList();

    assertThat(heldOutShare(said)).isBetween(0.10, 0.15);
  }

  private static List<String> happening(List<String> texts) {
    return texts.stream().filter(text -> !text.contains(Predicates.STILL)).toList();
  }

  /** Sentences, questions and answers. */
  private static List<String> said(Split split, int frames) {
    return Stream.iterate(0, i -> i < SCENES, i -> i + 1)
        .flatMap(
            i -> {
              Scene scene = World.objects(split, 5, i);
              Facts facts = Facts.of(scene, scene.middles(frames));
              Stream<String> asked =
                  Questions.about(facts, new SplittableRandom(i)).stream()
                      .flatMap(one -> Stream.of(one.question(), one.answer()));
              return Stream.concat(Captions.sentences(facts).stream(), asked);
            })
        .toList();
  }

  /** Of the combinations that are named in full. */
  private static double heldOutShare(List<String> texts) {
    int all = 0;
    int heldOut = 0;
    for (String text : texts) {
      Matcher found = COMBINATION.matcher(text);
      while (found.find()) {
        all++;
        heldOut += isHeldOut(found) ? 1 : 0;
      }
    }
    return heldOut / (double) Math.max(1, all);
  }

  private static boolean isHeldOut(Matcher found) {
    String motion = found.group(3).replaceFirst("^(moves|stays) ", "").toUpperCase(Locale.ROOT);
    return HeldOut.contains(
        Shape.valueOf(found.group(2).toUpperCase(Locale.ROOT)),
        Colour.valueOf(found.group(1).toUpperCase(Locale.ROOT)),
        Motion.valueOf(motion));
  }
}
