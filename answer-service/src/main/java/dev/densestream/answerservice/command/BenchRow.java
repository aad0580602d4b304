package dev.densestream.answerservice.command;

import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.visionpipeline.EncoderBench;
import java.util.ArrayList;
import java.util.List;

/**
 * One measurement.
 *
 * @param test what was timed, such as {@code batch 4}, or counted
 * @param unit of the rate: something per second, seconds, or MiB
 */
record BenchRow(String shape, String precision, int threads, String test, String unit, Rate rate) {
  /** Median and spread, in the row's unit. */
  record Rate(double median, double least, double most) {
    static Rate ofBytes(long bytes) {
      double mebibytes = bytes / (double) (1 << 20);
      return new Rate(mebibytes, mebibytes, mebibytes);
    }

    static Rate ofMillis(double median, double fastest, double slowest) {
      return new Rate(1000 / median, 1000 / slowest, 1000 / fastest);
    }
  }

  /** Frames per second, and what running sums save. */
  static List<BenchRow> of(EncoderBench.Outcome outcome) {
    Rate rate =
        Rate.ofMillis(outcome.millisPerFrame(), outcome.fastestMillis(), outcome.slowestMillis());
    List<BenchRow> rows = new ArrayList<>();
    rows.add(row(outcome, "batch " + outcome.plan().batch(), "frames/s", rate));
    outcome
        .memory()
        .ifPresent(
            memory -> {
              rows.add(row(outcome, "all states", "MiB", Rate.ofBytes(memory.allStates())));
              rows.add(row(outcome, "states kept", "MiB", Rate.ofBytes(memory.keptStates())));
              rows.add(row(outcome, "not loaded", "MiB", Rate.ofBytes(memory.weightsNotLoaded())));
            });
    return rows;
  }

  private static BenchRow row(EncoderBench.Outcome outcome, String test, String unit, Rate rate) {
    EncoderBench.Plan plan = outcome.plan();
    return new BenchRow(plan.shape(), plan.precision().name(), outcome.threads(), test, unit, rate);
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
