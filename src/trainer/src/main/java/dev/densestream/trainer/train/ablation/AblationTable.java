package dev.densestream.trainer.train.ablation;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Outcomes as a Markdown table: a row for each variant, means over its seeds. */
final class AblationTable {
  private AblationTable() {}

  static String of(List<Outcome> outcomes) {
    TreeSet<String> types = new TreeSet<>();
    outcomes.forEach(outcome -> types.addAll(outcome.accuracy().keySet()));
    StringBuilder text = new StringBuilder("| connector | seeds | tokens per frame | answer, ms |");
    types.forEach(type -> text.append(' ').append(type).append(" |"));
    text.append('\n').append("| --- ".repeat(4 + types.size())).append("|\n");
    for (Variant variant : Variant.values()) {
      List<Outcome> own = outcomes.stream().filter(o -> o.variant() == variant).toList();
      if (!own.isEmpty()) {
        text.append(row(variant, own, types)).append('\n');
      }
    }
    return text.toString();
  }

  private static String row(Variant variant, List<Outcome> own, SortedSet<String> types) {
    double[] millis = own.stream().mapToDouble(Outcome::answerMillis).sorted().toArray();
    String start =
        String.format(
            Locale.ROOT,
            "| %s | %d | %d | %.0f | ",
            variant.word(),
            own.size(),
            own.getFirst().tokens(),
            millis[millis.length / 2]);
    return start
        + types.stream().map(type -> cell(own, type)).collect(Collectors.joining(" | "))
        + " |";
  }

  private static String cell(List<Outcome> own, String type) {
    List<Double> values =
        own.stream()
            .map(outcome -> outcome.accuracy().getOrDefault(type, Double.NaN))
            .filter(value -> !Double.isNaN(value))
            .toList();
    return values.isEmpty() ? "" : Spread.of(values).percent();
  }
}
