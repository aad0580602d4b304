package dev.densestream.answerservice.command;

import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.visionpipeline.EncoderBench;
import java.util.ArrayList;
import java.util.List;

/**
 * One measurement.
 *
 * @param test what was timed, such as {@code batch 4}
 * @param unit of the rate: something per second, or seconds
 */
record BenchRow(String shape, String precision, int threads, String test, String unit, Rate rate) {
  /** Median and spread, in the row's unit. */
  record Rate(double median, double least, double most) {
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

  /** A row of its own for each thing that was measured. */
  static List<BenchRow> of(LanguageBench.Outcome outcome) {
    LanguageBench.Plan plan = outcome.plan();
    List<BenchRow> rows = new ArrayList<>();
    String together = plan.sequences() == 1 ? "" : " x " + plan.sequences();
    outcome
        .prefill()
        .ifPresent(rate -> rows.add(row(outcome, "prefill " + plan.prefill(), "tokens/s", rate)));
    outcome
        .decode()
        .ifPresent(
            rate -> rows.add(row(outcome, "decode " + plan.decode() + together, "tokens/s", rate)));
    outcome.first().ifPresent(time -> rows.add(row(outcome, "1 question", "s", time)));
    outcome
        .all()
        .ifPresent(time -> rows.add(row(outcome, plan.questions() + " questions", "s", time)));
    return rows;
  }

  private static BenchRow row(
      LanguageBench.Outcome outcome, String test, String unit, LanguageBench.Spread spread) {
    return new BenchRow(
        outcome.plan().shape(),
        outcome.plan().precision().name(),
        outcome.threads(),
        test,
        unit,
        new Rate(spread.median(), spread.least(), spread.most()));
  }
}
