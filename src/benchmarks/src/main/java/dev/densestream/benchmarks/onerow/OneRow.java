package dev.densestream.benchmarks.onerow;

import dev.densestream.visionpipeline.ProgramValue;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Times one row times matrices by each operator there is, all matrices in turn. */
public final class OneRow {
  private static final int PASSES = 9;

  private final TensorProgram program;
  private final TensorRuntime runtime;
  private final int outputs;
  private final int inputs;
  private final int matrices;

  private OneRow(
      TensorRuntime runtime, TensorProgram program, int outputs, int inputs, int matrices) {
    this.runtime = runtime;
    this.program = program;
    this.outputs = outputs;
    this.inputs = inputs;
    this.matrices = matrices;
  }

  /**
   * How it can be done.
   *
   * @param weights function that makes a matrix
   * @param product function that multiplies
   * @param row function that makes the row
   * @param bits of a weight, scales aside
   */
  private record Way(String name, String weights, String product, String row, int bits) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("4 bits, _weight_int4pack_mm_for_cpu", "four", "four_weights", "brain", 4),
          new Way("8-bit weights alone, _weight_int8pack_mm", "whole", "whole_weights", "brain", 8),
          new Way("bf16, linear", "brain", "linear", "brain", 16),
          new Way("bf16, packed for oneDNN", "laid", "laid_linear", "brain", 16),
          new Way("bf16, mv", "brain", "vector", "brain", 16),
          new Way("bf16, embedding_bag", "bag_of_brain", "brain_bags", "brain", 16),
          new Way("8 bits, embedding_bag_byte", "bag_of_bytes", "byte_bags", "floats", 8),
          new Way("4 bits, embedding_bag_4bit", "bag_of_fours", "four_bags", "floats", 4),
          new Way("sum over the bf16 weights", "brain", "sum", "brain", 16));

  /**
   * Prints a Markdown table.
   *
   * @param arguments outputs (a multiple of 256), inputs, and how many matrices: more than the
   *     cache holds
   */
  public static void main(String[] arguments) {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("usage: OneRow OUTPUTS INPUTS MATRICES");
    }
    int threads = Runtime.getRuntime().availableProcessors();
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(threads, "cpu"));
        TensorProgram program = runtime.compile(OneRow.class, "OneRow.torch")) {
      OneRow one =
          new OneRow(
              runtime,
              program,
              Integer.parseInt(arguments[0]),
              Integer.parseInt(arguments[1]),
              Integer.parseInt(arguments[2]));
      System.out.println("| by | ms, least | ms, median | GB/s of weights, at best |");
      System.out.println("| --- | ---: | ---: | ---: |");
      one.fbgemm();
      WAYS.forEach(one::time);
    }
  }

  private void fbgemm() {
    try (ProgramValue packed = program.keep("new_packed");
        Tensor row = program.call("floats", 1, inputs)) {
      for (int i = 0; i < matrices; i++) {
        program.call("pack", outputs, inputs, packed).close();
      }
      say("8 bits, FBGEMM", 8, () -> program.call("fbgemm", row, packed).close());
    }
  }

  private void time(Way way) {
    List<Tensor> weights = new ArrayList<>();
    for (int i = 0; i < matrices; i++) {
      weights.add(program.call(way.weights, outputs, inputs));
    }
    try (TensorList all = runtime.list(weights);
        Tensor row = program.call(way.row, 1, inputs)) {
      say(way.name, way.bits, () -> program.call(way.product, row, all).close());
    }
  }

  private void say(String name, int bits, Runnable pass) {
    pass.run();
    double[] millis =
        DoubleStream.generate(() -> millis(pass))
            .limit(PASSES)
            .map(m -> m / matrices)
            .sorted()
            .toArray();
    double bytes = outputs * (double) inputs * bits / 8;
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.0f |%n",
        name,
        millis[0],
        millis[PASSES / 2],
        bytes / millis[0] / 1e6);
  }

  private static double millis(Runnable pass) {
    long start = System.nanoTime();
    pass.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
