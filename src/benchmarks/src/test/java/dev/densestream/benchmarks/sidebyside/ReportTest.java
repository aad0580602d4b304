package dev.densestream.benchmarks.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Machine MACHINE = new Machine("a processor", 2, "a system", "25", "abc");

  @Test
  void ratioIsOfMedians_againstTheBestAndAgainstEqualBits() {
    String report =
        report(
            sample(0, "prefill 512", true, "bf16", 300, "tokens/s"),
            sample(1, "prefill 512", true, "bf16", 500, "tokens/s"),
            sample(2, "prefill 512", true, "bf16", 400, "tokens/s"),
            sample(0, "prefill 512", false, "BF16", 100, "tokens/s"),
            sample(0, "prefill 512", false, "Q4_0", 200, "tokens/s"));

    assertThat(report)
        .contains(
            "| prefill 512 | tokens/s | bf16 | 400 (300 to 500) | Q4_0 | 200 (200 to 200) | 2.00 |"
                + " 4.00 (BF16) |");
  }

  @Test
  void secondsAreBetterWhenFewer() {
    String report =
        report(
            sample(0, "8 questions", true, "bf16", 5, "s"),
            sample(0, "8 questions", false, "Q8_0, together", 40, "s"),
            sample(0, "8 questions", false, "Q8_0, one by one", 20, "s"));

    assertThat(report).contains("| Q8_0, one by one | 20.0 (20.0 to 20.0) | 4.00 | - |");
  }

  @Test
  void whatOnlyOneSideMeasuredHasNoRatio() {
    assertThat(report(sample(0, "encode", true, "bf16, batch 4", 1.5, "frames/s")))
        .contains("| encode | frames/s | bf16, batch 4 | 1.50 (1.50 to 1.50) | - | - | - | - |");
  }

  @Test
  void readsBothSidesFigures() throws IOException {
    assertThat(
            LlamaBench.figures(
                """
                {"n_prompt": 512, "n_gen": 0, "avg_ts": 200.5}
                {"n_prompt": 0, "n_gen": 64, "avg_ts": 16.6}
                """,
                "BF16"))
        .containsExactly(
            new Figure("prefill 512", "BF16", 200.5, "tokens/s"),
            new Figure("decode 64", "BF16", 16.6, "tokens/s"));
    assertThat(
            DenseStreamBench.figures(
                """
                {"shape":"clip-l-336","test":"batch 4","unit":"frames/s","rate":{"median":1.6}}
                """,
                "bf16"))
        .containsExactly(new Figure("encode", "bf16, batch 4", 1.6, "frames/s"));
    assertThat(ImageEncode.figure("image slice encoded in 1000 ms\n".repeat(4), "F16"))
        .isEqualTo(new Figure("encode", "F16", 1.0, "frames/s"));
  }

  /** Controls: a side that did less work than asked is not measured. */
  @Test
  void lessWorkThanAskedIsRefused() {
    assertThatThrownBy(() -> ImageEncode.figure("image slice encoded in 1000 ms\n", "F16"))
        .hasMessageContaining("1 pictures");
    LlamaServer.check("{\"tokens_predicted\":24,\"tokens_evaluated\":1172}", 1172, 24);
    assertThatThrownBy(
            () -> LlamaServer.check("{\"tokens_predicted\":3,\"tokens_evaluated\":1172}", 1172, 24))
        .hasMessageContaining("generated 3 tokens");
  }

  private static Sample sample(
      int round, String test, boolean ours, String type, double value, String unit) {
    return new Sample(round, test, ours, type, value, unit, 0.5);
  }

  private static String report(Sample... samples) {
    var limits = new MachineLimits(1, 2, 3, 4);
    List<Sample> all = Stream.of(samples).toList();
    return new Report(MACHINE, "version 1", limits, 2, all, List.of()).markdown();
  }
}
