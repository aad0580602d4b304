package dev.densestream.answerservice.command;

import dev.densestream.visionpipeline.EncoderBench;

/**
 * One measurement.
 *
 * @param test what was timed, such as {@code batch 4}
 * @param unit what is counted per second
 */
record BenchRow(
    String shape,
    String precision,
    int threads,
    String test,
    String unit,
    Rate rate,
    double gigaflopsPerSecond) {
  /** Per second: median, slowest, fastest. */
  record Rate(double median, double slowest, double fastest) {
    static Rate ofMillis(double median, double fastest, double slowest) {
      return new Rate(1000 / median, 1000 / slowest, 1000 / fastest);
    }
  }

  static BenchRow of(EncoderBench.Outcome outcome) {
    EncoderBench.Plan plan = outcome.plan();
    return new BenchRow(
        plan.shape(),
        plan.precision().name(),
        outcome.threads(),
        "batch " + plan.batch(),
        "frames/s",
        Rate.ofMillis(outcome.millisPerFrame(), outcome.fastestMillis(), outcome.slowestMillis()),
        outcome.gigaflopsPerSecond());
  }
}
