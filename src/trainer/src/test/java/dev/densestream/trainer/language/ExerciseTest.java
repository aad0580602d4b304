package dev.densestream.trainer.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is to be said again is in the question, and which of two sentences follows from it. */
class ExerciseTest {
  private static final Pattern ONE_OF_TWO =
      Pattern.compile("Tell me about the (.+): (the .+) or (the .+)\\.");

  private static final Pattern DOER_OF_TWO =
      Pattern.compile("Tell me what (.+): (the .+) or (the .+)\\.");

  private static List<Exercise> exercises() {
    SplittableRandom random = new SplittableRandom(3);
    return IntStream.range(0, 300).boxed().flatMap(_ -> Exercise.some(random, 4).stream()).toList();
  }

  @Test
  void asksForWhomOfTwoSomethingIsSaid_objectsAlikeOftenAndTheFirstAsOftenAsTheSecond() {
    int first = 0;
    int alike = 0;
    int all = 0;
    for (Exercise exercise : exercises()) {
      Matcher found = DOER_OF_TWO.matcher(exercise.question());
      if (found.matches()) {
        String done = " " + found.group(1);
        List<String> two = List.of(found.group(2), found.group(3));
        assertThat(two)
            .as(exercise.question())
            .contains(exercise.answer())
            .filteredOn(one -> one.endsWith(done))
            .containsExactly(exercise.answer());
        Set<String> shared = new HashSet<>(Vocabulary.split(two.getFirst()));
        shared.retainAll(Vocabulary.split(two.getLast()));
        alike += shared.size() > 1 ? 1 : 0;
        first += two.getFirst().equals(exercise.answer()) ? 1 : 0;
        all++;
      }
    }
    assertThat(all).isEqualTo(600);
    assertThat(first).isBetween(240, 360);
    assertThat(alike).isGreaterThan(300);
  }

  @Test
  void givesAsManyAsAskedFor_thePlainOnesFirst() {
    List<Exercise> four = Exercise.some(new SplittableRandom(5), 4);

    assertThat(four).hasSize(4);
    assertThat(Exercise.some(new SplittableRandom(5), 2)).isEqualTo(four.subList(0, 2));
    assertThat(Exercise.some(new SplittableRandom(5), 0)).isEmpty();
  }

  @Test
  void asksInWordsOfTheList_forASentenceOfTheQuestion() {
    Set<String> words = new HashSet<>(Vocabulary.words());

    assertThat(exercises())
        .allSatisfy(
            one -> {
              assertThat(one.question()).contains(one.answer());
              assertThat(words).containsAll(Vocabulary.split(one.question()));
            });
  }

  @Test
  void asksAboutTheObjectOfOneOfTwoSentences_whichIsTheFirstAsOftenAsTheSecond() {
    int first = 0;
    int all = 0;
    for (Exercise exercise : exercises()) {
      Matcher found = ONE_OF_TWO.matcher(exercise.question());
      if (found.matches()) {
        String subject = "the " + found.group(1) + " ";
        assertThat(exercise.answer()).startsWith(subject);
        assertThat(List.of(found.group(2), found.group(3)))
            .contains(exercise.answer())
            .as("of the two, one alone is about it")
            .filteredOn(one -> one.startsWith(subject))
            .hasSize(1);
        first += found.group(2).equals(exercise.answer()) ? 1 : 0;
        all++;
      }
    }
    assertThat(all).isEqualTo(300);
    assertThat(first).isBetween(110, 190);
  }
}
