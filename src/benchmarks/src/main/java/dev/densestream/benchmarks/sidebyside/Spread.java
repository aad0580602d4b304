package dev.densestream.benchmarks.sidebyside;

import java.util.Collection;
import java.util.Locale;

/** Median and range of some values. */
record Spread(double median, double least, double most, int count) {
  static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  String text() {
    return "%s (%s to %s)".formatted(number(median), number(least), number(most));
  }

  /** Three significant digits. */
  static String number(double value) {
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
