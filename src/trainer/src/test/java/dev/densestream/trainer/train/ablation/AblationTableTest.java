package dev.densestream.trainer.train.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Means with their spread, and differences from none of the same seed with theirs. */
class AblationTableTest {
  private static final Map<String, Double> CHANCE = Map.of("all", 0.312, "unasked", 0.5);

  private static Outcome outcome(Variant variant, long seed, double millis, double all) {
    return new Outcome(variant, seed, 400, 100, millis, Map.of("all", all));
  }

  private static List<Outcome> outcomes() {
    return new ArrayList<>(
        List.of(
            outcome(Variant.NONE, 1, 30, 0.5),
            outcome(Variant.NONE, 2, 20, 0.6),
            outcome(Variant.NONE, 3, 70, 0.7),
            outcome(Variant.SCI, 1, 31, 0.51),
            outcome(Variant.SCI, 2, 31, 0.61),
            outcome(Variant.SCI, 3, 31, 0.71)));
  }

  @Test
  void tellsADifferenceThatIsTheSameForEachSeed_howeverMuchSeedsDiffer() {
    assertThat(AblationTable.of(outcomes(), CHANCE).lines())
        .containsExactly(
            "| connector | seeds | tokens per frame | answer, ms | all |",
            "| --- | --- | --- | --- | --- |",
            "| none | 3 | 100 | 30 | 60.0 ± 24.8 |",
            "| sci | 3 | 100 | 31 | 61.0 ± 24.8 |",
            "| chance | | | | 31.2 |",
            "",
            "| less none, in points | seeds | all |",
            "| --- | --- | --- |",
            "| sci | 3 | +1.0 ± 0.0 |");
  }

  @Test
  void comparesASeedWithItselfAlone() {
    List<Outcome> outcomes = outcomes();
    outcomes.removeFirst();
    outcomes.add(outcome(Variant.DCI, 1, 1, 0.9));

    assertThat(AblationTable.of(outcomes, CHANCE).lines().toList())
        .contains("| sci | 2 | +1.0 ± 0.0 |", "| dci | 1 | 100 | 1 | 90.0 |")
        .noneMatch(line -> line.startsWith("| dci | 0"));
  }

  @Test
  void hasNoDifferences_whereNothingIsComparedWithNone() {
    List<Outcome> outcomes = List.of(outcome(Variant.SCI, 1, 1, 0.5));

    assertThat(AblationTable.of(outcomes, CHANCE)).doesNotContain("less none");
  }
}
