package dev.densestream.answerservice.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as right, and what guessing gets. */
class ScoresTest {
  private static final List<String> COLOURS = List.of("red", "green", "blue", "black");
  private static final List<String> PLACES = List.of("top left", "top right", "left");

  @Test
  void takesAnAnswerInASentence() {
    VideoQuestion colour = question("red", COLOURS);

    assertThat(Grade.right(colour, "red")).isTrue();
    assertThat(Grade.right(colour, "It is Red.")).isTrue();
    assertThat(Grade.right(question("yes", List.of("yes", "no")), "Yes, there is.")).isTrue();
    assertThat(Grade.right(question("I do not know", List.of("I do not know")), "I don't know."))
        .isTrue();
  }

  @Test
  void doesNotTakeSeveralAnswersAtOnce() {
    VideoQuestion colour = question("red", COLOURS);

    assertThat(Grade.right(colour, "red or blue")).isFalse();
    assertThat(Grade.right(colour, "blue")).isFalse();
    assertThat(Grade.right(colour, "reddish")).isFalse();
    assertThat(Grade.right(colour, "")).isFalse();
  }

  @Test
  void takesTheLongestChoiceNamed() {
    assertThat(Grade.right(question("top left", PLACES), "top left")).isTrue();
    assertThat(Grade.right(question("top left", PLACES), "In the top left corner")).isTrue();
    assertThat(Grade.right(question("left", PLACES), "in the top left corner")).isFalse();
  }

  @Test
  void looksForAnOpenAnswersWords() {
    assertThat(Grade.right(question("drum stick", List.of()), "He holds a drum stick.")).isTrue();
    assertThat(Grade.right(question("man", List.of()), "A woman.")).isFalse();
  }

  @Test
  void tellsAccuracyAndChance_byType() {
    Scores scores = new Scores();
    scores.add(question("red", COLOURS), true);
    scores.add(question("blue", COLOURS), false);
    scores.add(question("blue", List.of("blue", "red")), true);
    for (String answer : List.of("man", "man", "man", "dog")) {
      scores.add(
          new VideoQuestion(QuestionId.text("1"), "v", "q", answer, "what", List.of()), false);
    }

    Tally colour = scores.type("colour");
    assertThat(colour.count()).isEqualTo(3);
    assertThat(colour.accuracy()).isEqualTo(2 / 3.0, within(1e-9));
    assertThat(colour.chance()).isEqualTo((0.25 + 0.25 + 0.5) / 3, within(1e-9));
    assertThat(scores.type("what").chance()).isEqualTo(0.75, within(1e-9));
    assertThat(scores.all().accuracy()).isEqualTo(2 / 7.0, within(1e-9));
    assertThat(scores.table().lines())
        .anySatisfy(line -> assertThat(line).matches("colour +3 +66\\.7 % +33\\.3 %"));
    assertThat(scores.json().at("/types/colour/right").asLong()).isEqualTo(2);
  }

  /** The control: a requirement that cannot be missed says nothing. */
  @Test
  void missesARequirementByALittle_andMeetsItExactly() {
    Scores scores = new Scores();
    scores.add(question("red", COLOURS), true);
    scores.add(question("red", COLOURS), false);

    assertThat(Requirement.parse("colour=0.5").missed(scores)).isEmpty();
    assertThat(Requirement.parse("all=0.5").missed(scores)).isEmpty();
    assertThat(Requirement.parse("colour=0.5001").missed(scores))
        .contains("colour is 0.5000 of 2, required is 0.5001");
    assertThat(Requirement.parse("shape=0").missed(scores))
        .contains("no question is of type shape");
  }

  @Test
  void refusesWhatIsNoRequirement() {
    for (String text : List.of("colour", "colour=", "colour=x", "colour=1.5", "=0.5=")) {
      assertThatThrownBy(() -> Requirement.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("colour=0.95");
    }
  }

  private static VideoQuestion question(String answer, List<String> choices) {
    return new VideoQuestion(QuestionId.text("1"), "v.mp4", "What?", answer, "colour", choices);
  }
}
