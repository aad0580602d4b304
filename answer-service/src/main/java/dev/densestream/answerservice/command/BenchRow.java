package dev.densestream.answerservice.command;

import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.visionpipeline.EncoderBench;
import java.util.ArrayList;
import java.util.List;

/**
 * One measurement.
 *
 * @param test what was timed, such as {@code batch 4}
 * @param unit what is counted per second
 */
record BenchRow(String shape, String precision, int threads, String test, String unit, Rate rate) {
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
        Rate.ofMillis(outcome.millisPerFrame(), outcome.fastestMillis(), outcome.slowestMillis()));
  }

  /** Prefill and decode are rows of their own, as far as they were measured. */
  static List<BenchRow> of(LanguageBench.Outcome outcome) {
    LanguageBench.Plan plan = outcome.plan();
    List<BenchRow> rows = new ArrayList<>();
    if (plan.prefill() > 0) {
      rows.add(row(outcome, "prefill " + plan.prefill(), outcome.prefill()));
    }
    if (plan.decode() > 0) {
      rows.add(row(outcome, "decode " + plan.decode(), outcome.decode()));
    }
    return rows;
  }

  private static BenchRow row(
      LanguageBench.Outcome outcome, String test, LanguageBench.Speed speed) {
    return new BenchRow(
        outcome.plan().shape(),
        outcome.plan().precision().name(),
        outcome.threads(),
        test,
        "tokens/s",
        new Rate(speed.median(), speed.slowest(), speed.fastest()));
  }
}
