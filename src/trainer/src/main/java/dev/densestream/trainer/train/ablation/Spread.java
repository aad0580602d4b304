package dev.densestream.trainer.train.ablation;

import java.util.List;
import java.util.Locale;

/**
 * A mean over seeds and half the width of its 95 % confidence interval by Student's t.
 *
 * @param half NaN for one value alone, which says nothing about its spread
 */
record Spread(double mean, double half) {
  /** 97.5 % quantiles of t for 1 to 9 degrees of freedom; normal beyond. */
  private static final double[] QUANTILES = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262
  };

  private static final double NORMAL = 1.96;

  static Spread of(List<Double> values) {
    int n = values.size();
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    if (n < 2) {
      return new Spread(mean, Double.NaN);
    }
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double t = n - 2 < QUANTILES.length ? QUANTILES[n - 2] : NORMAL;
    return new Spread(mean, t * Math.sqrt(squares / (n - 1) / n));
  }

  /** In points of percent with a sign, such as {@code +1.2 ± 0.4}. */
  String points() {
    return (mean < 0 ? "" : "+") + percent();
  }

  /** In percent, such as {@code 87.1 ± 2.0}. */
  String percent() {
    String shown = String.format(Locale.ROOT, "%.1f", 100 * mean);
    return Double.isNaN(half) ? shown : shown + String.format(Locale.ROOT, " ± %.1f", 100 * half);
  }
}
