package dev.densestream.answerservice.command;

import dev.densestream.answerservice.format.GuideBench;
import dev.densestream.answerservice.generate.PaceBench;
import dev.densestream.answerservice.generate.StreamsBench;
import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.WindowEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What answers cost each other, and what guiding them costs. */
record SharedBench(TensorRuntime runtime, String shape, Precision precision, int repetitions) {
  /** Milliseconds between tokens, median and 99th percentile, over the repetitions. */
  List<BenchRow> pace(int answers) {
    List<PaceBench.Pace> paces =
        PaceBench.run(
            LanguageBench.model(runtime, shape, precision, 4096),
            LanguageBench.vocabulary(shape),
            answers,
            repetitions);
    return List.of(
        row("pace p50 x " + answers, "ms", paces, PaceBench.Pace::median),
        row("pace p99 x " + answers, "ms", paces, PaceBench.Pace::p99));
  }

  /** Seconds from a window's end to its answer's, and how many windows that was. */
  List<BenchRow> streams(StreamsBench.Load load) {
    try (WindowEncoder encoder =
        WindowEncoder.random(runtime, precision, LanguageBench.width(shape))) {
      LanguageModel model = LanguageBench.model(runtime, shape, precision, 4096);
      StreamsBench.Latency latency =
          StreamsBench.run(model, encoder, LanguageBench.vocabulary(shape), load);
      String name = load.streams() + " streams";
      double share = 100.0 * latency.answered() / latency.closed();
      double rate = (double) latency.closed() / load.seconds();
      return List.of(
          single(name + " p50", "s", latency.median()),
          single(name + " p95", "s", latency.p95()),
          single(name + " most", "s", latency.most()),
          single(name + " closed", "windows/s", rate),
          single(name + " answered", "%", share));
    }
  }

  private BenchRow single(String test, String unit, double figure) {
    return row(test, unit, new BenchRow.Rate(figure, figure, figure));
  }

  /** Microseconds added to a token. */
  List<BenchRow> guide() {
    List<GuideBench.Cost> costs = GuideBench.run(LanguageBench.vocabulary(shape), repetitions);
    return List.of(
        row("guide first", "us/token", costs, GuideBench.Cost::cold),
        row("guide later", "us/token", costs, GuideBench.Cost::warm));
  }

  private <T> BenchRow row(String test, String unit, List<T> all, ToDoubleFunction<T> figure) {
    double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
    double median =
        Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
            .average()
            .orElseThrow();
    return row(test, unit, new BenchRow.Rate(median, sorted[0], sorted[sorted.length - 1]));
  }

  private BenchRow row(String test, String unit, BenchRow.Rate rate) {
    return new BenchRow(shape, precision.name(), runtime.threads(), test, unit, rate);
  }
}
