package dev.densestream.answerservice.command;

import dev.densestream.framesampler.ParityResult;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Prints cases as they end, and counts them. */
final class ParityReport {
  /** Relative to its tolerance, so that exact and approximate comparisons can be compared. */
  private static final Comparator<ParityResult> WORST =
      Comparator.comparingDouble(
          result ->
              result.tolerance() > 0
                  ? result.largestError() / result.tolerance()
                  : result.largestError());

  private final PrintWriter out;
  private final boolean verbose;
  private int passed;
  private int missed;
  private int unsupported;

  ParityReport(PrintWriter out, boolean verbose) {
    this.out = out;
    this.verbose = verbose;
  }

  void add(String name, List<ParityResult> results) {
    if (results.isEmpty()) {
      unsupported++;
      print("unsupported  %-22s not known yet".formatted(name));
      return;
    }
    List<ParityResult> misses = results.stream().filter(result -> !result.passed()).toList();
    if (misses.isEmpty()) {
      passed++;
    } else {
      missed++;
    }
    print(
        "%-11s  %-22s %s in %d comparisons"
            .formatted(
                misses.isEmpty() ? "ok" : "MISSED",
                name,
                error(results.stream().max(WORST).orElseThrow()),
                results.size()));
    (verbose ? results : misses).forEach(this::detail);
  }

  /** True when every case passed. */
  boolean finish() {
    print("%d ok, %d missed, %d unsupported".formatted(passed, missed, unsupported));
    return missed == 0 && unsupported == 0 && passed > 0;
  }

  private void detail(ParityResult result) {
    print(
        "             %s %s: %s %s"
            .formatted(result.passed() ? "-" : "!", result.name(), error(result), result.detail())
            .stripTrailing());
  }

  private static String error(ParityResult worst) {
    if (worst.tolerance() == 0) {
      return worst.passed() ? "exact" : "differs (must be exact)";
    }
    return String.format(
        Locale.ROOT, "largest error %.2e of %.0e", worst.largestError(), worst.tolerance());
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
