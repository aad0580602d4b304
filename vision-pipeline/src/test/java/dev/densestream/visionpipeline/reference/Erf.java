package dev.densestream.visionpipeline.reference;

/** The error function by its series, to double precision where GELU needs it. */
public final class Erf {
  private Erf() {}

  public static double of(double x) {
    if (Math.abs(x) > 5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
