package dev.densestream.answerservice.command;

import java.io.PrintWriter;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/** Prints measurements as they come: a table, or JSON lines. */
final class BenchTable {
  private static final String LINE = "| %-18s | %-9s | %7s | %-12s | %10s | %21s | %-8s |";

  private final PrintWriter out;
  private final boolean json;
  private boolean headed;

  BenchTable(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void add(BenchRow row) {
    if (json) {
      out.println(JsonMapper.shared().writeValueAsString(row));
    } else {
      head();
      out.println(
          LINE.formatted(
              row.shape(),
              row.precision().toLowerCase(Locale.ROOT),
              row.threads(),
              row.test(),
              number(row.rate().median()),
              number(row.rate().least()) + " to " + number(row.rate().most()),
              row.unit()));
    }
    out.flush();
  }

  private void head() {
    if (!headed) {
      headed = true;
      out.println(
          LINE.formatted("shape", "precision", "threads", "test", "median", "spread", "unit"));
      out.println(LINE.formatted("---", "---", "---:", "---", "---:", "---:", "---"));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
