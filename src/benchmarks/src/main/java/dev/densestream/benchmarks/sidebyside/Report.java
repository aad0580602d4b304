package dev.densestream.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run as Markdown.
 *
 * @param failures what could not be measured, and why
 */
record Report(
    Machine machine,
    String peer,
    MachineLimits limits,
    int threads,
    List<Sample> samples,
    List<String> failures) {

  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add(head());
    lines.add("");
    lines.add(limitsLine());
    lines.add("");
    lines.add(
        "| test | unit | DenseStream | median (spread) | llama.cpp, best | median (spread) | times as"
            + " fast | at equal bits |");
    lines.add("| --- | --- | --- | --- | --- | --- | ---: | --- |");
    for (Comparison comparison : Comparison.of(samples)) {
      comparison.ours().forEach((type, spread) -> lines.add(row(comparison, type, spread)));
    }
    lines.add("");
    lines.add("Every candidate of llama.cpp:");
    lines.add("");
    lines.add("| test | unit | type | median (spread) |");
    lines.add("| --- | --- | --- | --- |");
    for (Comparison comparison : Comparison.of(samples)) {
      comparison
          .theirs()
          .forEach(
              (type, spread) ->
                  lines.add(cells(comparison.test(), comparison.unit(), type, spread.text())));
    }
    if (!failures.isEmpty()) {
      lines.add("");
      lines.add("Not measured:");
      lines.add("");
      failures.forEach(failure -> lines.add("- " + failure));
    }
    return String.join("\n", lines) + "\n";
  }

  private String head() {
    String others =
        samples.isEmpty() ? "-" : Spread.of(samples.stream().map(Sample::others).toList()).text();
    long rounds = samples.stream().mapToInt(Sample::round).distinct().count();
    return """
        %s, %d cores, %s, Java %s; commit `%s`; llama.cpp %s; %d threads each; %d rounds, taken in turn. \
        Cores that other work kept busy meanwhile: %s."""
        .formatted(
            machine.processor(),
            machine.cores(),
            machine.system(),
            machine.java(),
            machine.commit(),
            peer,
            threads,
            rounds,
            others);
  }

  private String limitsLine() {
    return String.format(
        Locale.ROOT,
        "Limits, the best seen in this run: fp32 %.0f, bf16 %.0f, int8 %.0f GFLOP/s (GOP/s) in one"
            + " product; reading memory %.1f GB/s.",
        limits.single(),
        limits.brain(),
        limits.whole(),
        limits.gigabytes());
  }

  private static String row(Comparison comparison, String ours, Spread spread) {
    Optional<String> best = comparison.best();
    Optional<String> equal = comparison.equal(ours);
    return cells(
        comparison.test(),
        comparison.unit(),
        ours,
        spread.text(),
        best.orElse("-"),
        best.map(comparison.theirs()::get).map(Spread::text).orElse("-"),
        times(best.flatMap(type -> comparison.ratio(ours, type))),
        equal.map(type -> times(comparison.ratio(ours, type)) + " (" + type + ")").orElse("-"));
  }

  private static String times(Optional<Double> ratio) {
    return ratio.map(Spread::number).orElse("-");
  }

  private static String cells(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
