package dev.densestream.answerservice.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.answerservice.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ChoicePathsTest {
  /** One id for each character; upper case and a blank in front are tokens of their own. */
  private static List<Integer> letters(String text) {
    return text.chars().boxed().toList();
  }

  /**
   * A model of 128 characters that says what it is told behind each text, and else nothing much.
   */
  private static final class Model {
    private final Map<String, Map<Character, Double>> told = new TreeMap<>();

    Model behind(String text, Map<Character, Double> probabilities) {
      told.put(text, probabilities);
      return this;
    }

    float[] logits(List<Integer> path) {
      StringBuilder text = new StringBuilder();
      path.forEach(id -> text.append((char) (int) id));
      Map<Character, Double> known = told.getOrDefault(text.toString(), Map.of());
      double rest = 1 - known.values().stream().mapToDouble(Double::doubleValue).sum();
      float[] logits = new float[128];
      for (char c = 0; c < logits.length; c++) {
        double share = known.getOrDefault(c, rest / (logits.length - known.size()));
        logits[c] = (float) Math.log(Math.max(share, 1e-30));
      }
      return logits;
    }

    Verdict verdict(ChoicePaths paths) {
      ChoiceScores scores = paths.scores();
      scores.behind(List.of(), logits(List.of()));
      paths.open().forEach(path -> scores.behind(path, logits(path)));
      return scores.verdict();
    }
  }

  private static double of(Verdict verdict, String choice) {
    return verdict.shares().stream()
        .filter(share -> share.choice().equals(choice))
        .findFirst()
        .orElseThrow()
        .probability();
  }

  @Test
  void asksNothingMore_whenTheFirstTokensTellYesFromNo() {
    ChoicePaths paths = ChoicePaths.yesNo(text -> List.of(letters(text.strip()).getFirst()));
    assertThat(paths.open()).isEmpty();
    assertThat(paths.longest()).isOne();
  }

  @Test
  void countsAllCasesOfYesAndNo_dividedByTheirSum() {
    ChoicePaths paths = ChoicePaths.yesNo(text -> List.of(letters(text.strip()).getFirst()));
    Verdict verdict =
        new Model().behind("", Map.of('Y', 0.3, 'y', 0.1, 'N', 0.1, 'n', 0.0)).verdict(paths);
    assertThat(of(verdict, "Yes")).isCloseTo(0.8, within(1e-6));
    assertThat(of(verdict, "No")).isCloseTo(0.2, within(1e-6));
    assertThat(verdict.best().choice()).isEqualTo("Yes");
  }

  @Test
  void looksOn_whereYesAndNoBeginAlike() {
    ChoicePaths paths =
        ChoicePaths.yesNo(text -> List.of((int) '_', letters(text.strip()).getFirst()));
    assertThat(paths.open()).containsExactly(List.of((int) '_'));
    Verdict verdict =
        new Model()
            .behind("", Map.of('_', 0.5))
            .behind("_", Map.of('Y', 0.2, 'y', 0.0, 'N', 0.6, 'n', 0.0))
            .verdict(paths);
    assertThat(of(verdict, "Yes")).isCloseTo(0.25, within(1e-6));
  }

  @Test
  void leavesToAChoice_whatDoesNotGoOnToALongerOne() {
    ChoicePaths paths = ChoicePaths.of(List.of("a", "ab"), ChoicePathsTest::letters);
    Verdict verdict =
        new Model()
            .behind("", Map.of('a', 0.5, 'A', 0.0, ' ', 0.0))
            .behind("a", Map.of('b', 0.75))
            .verdict(paths);
    assertThat(of(verdict, "a")).isCloseTo(0.25, within(1e-6));
    assertThat(of(verdict, "ab")).isCloseTo(0.75, within(1e-6));
  }

  @Test
  void followsEachChoiceToItsEnd() {
    ChoicePaths paths = ChoicePaths.of(List.of("cat", "cow"), ChoicePathsTest::letters);
    Verdict verdict =
        new Model()
            .behind("", Map.of('c', 0.5, 'C', 0.0, ' ', 0.0))
            .behind("c", Map.of('a', 0.9, 'o', 0.1))
            .behind("ca", Map.of('t', 0.1))
            .behind("co", Map.of('w', 1.0))
            .verdict(paths);
    assertThat(of(verdict, "cat")).isCloseTo(0.09 / 0.19, within(1e-5));
    assertThat(verdict.best().choice()).isEqualTo("cow");
  }

  @Test
  void keepsTheOwner_whenChoicesDifferInCaseOnly() {
    ChoicePaths paths = ChoicePaths.of(List.of("x", "X"), ChoicePathsTest::letters);
    Verdict verdict = new Model().behind("", Map.of('x', 0.2, 'X', 0.6, ' ', 0.0)).verdict(paths);
    assertThat(of(verdict, "X")).isCloseTo(0.75, within(1e-6));
  }

  @Test
  void staysANumber_whenAllChoicesAreAsGoodAsImpossible() {
    ChoicePaths paths =
        ChoicePaths.of(List.of("xxxxxxxxxxxxxxxxxxxx", "y"), ChoicePathsTest::letters);
    Verdict verdict = new Model().behind("", Map.of('z', 1.0)).verdict(paths);
    assertThat(of(verdict, "y")).isCloseTo(1, within(1e-6));
  }

  @Test
  void refusesWhatCannotBeToldApart() {
    for (List<String> choices :
        List.of(List.<String>of(), List.of("a", "a"), List.of(" a"), List.of(""))) {
      assertThatThrownBy(() -> ChoicePaths.checked(choices))
          .isInstanceOfSatisfying(
              FormatException.class,
              refused ->
                  assertThat(refused.code()).isEqualTo(FormatException.Code.INVALID_CHOICES));
    }
    assertThat(ChoicePaths.checked(List.of("a", "b"))).hasSize(2);
  }
}
