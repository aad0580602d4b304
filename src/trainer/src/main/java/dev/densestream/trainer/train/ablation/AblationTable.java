package dev.densestream.trainer.train.ablation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Outcomes as Markdown tables: a row for each variant, means over its seeds, and one for what
 * guessing gets; and a row for each variant's difference from none, seed by seed, of which more can
 * be told, since a seed's trainings see the same scenes.
 */
final class AblationTable {
  private AblationTable() {}

  /**
   * Both tables.
   *
   * @param chance what guessing gets, by question type
   */
  static String of(List<Outcome> outcomes, Map<String, Double> chance) {
    TreeSet<String> types = new TreeSet<>();
    outcomes.forEach(outcome -> types.addAll(outcome.accuracy().keySet()));
    StringBuilder text = new StringBuilder();
    head(text, List.of("connector", "seeds", "tokens per frame", "answer, ms"), types);
    List<String> differences = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      List<Outcome> own = of(variant, outcomes);
      if (!own.isEmpty()) {
        text.append(row(variant, own, types)).append('\n');
      }
      List<Map<String, Double>> changes = changes(variant, outcomes);
      if (!changes.isEmpty()) {
        differences.add(difference(variant, changes, types));
      }
    }
    text.append("| chance | | | | ")
        .append(cells(List.of(chance), types, Spread::percent))
        .append('\n');
    if (!differences.isEmpty()) {
      text.append('\n');
      head(text, List.of("less none, in points", "seeds"), types);
      differences.forEach(row -> text.append(row).append('\n'));
    }
    return text.toString();
  }

  private static void head(StringBuilder text, List<String> names, SortedSet<String> types) {
    names.forEach(name -> text.append("| ").append(name).append(' '));
    types.forEach(type -> text.append("| ").append(type).append(' '));
    text.append("|\n").append("| --- ".repeat(names.size() + types.size())).append("|\n");
  }

  private static List<Outcome> of(Variant variant, List<Outcome> outcomes) {
    return outcomes.stream().filter(outcome -> outcome.variant() == variant).toList();
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
    return start + cells(own.stream().map(Outcome::accuracy).toList(), types, Spread::percent);
  }

  /** What each seed's accuracies are more than those of the same seed without a connector. */
  private static List<Map<String, Double>> changes(Variant variant, List<Outcome> outcomes) {
    if (variant == Variant.NONE) {
      return List.of();
    }
    List<Map<String, Double>> changes = new ArrayList<>();
    for (Outcome own : of(variant, outcomes)) {
      for (Outcome none : of(Variant.NONE, outcomes)) {
        if (none.seed() == own.seed()) {
          Map<String, Double> change = new TreeMap<>(own.accuracy());
          change.keySet().retainAll(none.accuracy().keySet());
          change.replaceAll((type, value) -> value - none.accuracy().getOrDefault(type, 0.0));
          changes.add(change);
        }
      }
    }
    return changes;
  }

  private static String difference(
      Variant variant, List<Map<String, Double>> changes, SortedSet<String> types) {
    return "| "
        + variant.word()
        + " | "
        + changes.size()
        + " | "
        + cells(changes, types, Spread::points);
  }

  private static String cells(
      List<Map<String, Double>> values, SortedSet<String> types, Function<Spread, String> shown) {
    return types.stream().map(type -> cell(values, type, shown)).collect(Collectors.joining(" | "))
        + " |";
  }

  private static String cell(
      List<Map<String, Double>> values, String type, Function<Spread, String> shown) {
    List<Double> own =
        values.stream().flatMap(each -> Optional.ofNullable(each.get(type)).stream()).toList();
    return own.isEmpty() ? "" : shown.apply(Spread.of(own));
  }
}
