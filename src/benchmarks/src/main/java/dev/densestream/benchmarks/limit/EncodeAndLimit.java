package dev.densestream.benchmarks.limit;

import dev.densestream.visionpipeline.EncoderBench;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.Arrays;
import java.util.Locale;

/**
 * Encodes frames in bfloat16, and before and behind it, in the same process and for as long,
 * multiplies large matrices: a GPU that is hot or at its limit of power is slower at both, so that
 * a share of what it gives at most means something only for the same moment. Random weights.
 *
 * <p>Arguments: device, frames at once, rounds.
 */
public final class EncodeAndLimit {
  private static final double SECONDS = 3;
  private static final String[] SHAPES = {"clip-l-336", "siglip-so400m-384"};

  private EncodeAndLimit() {}

  public static void main(String[] arguments) {
    int batch = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(2, arguments[0]))) {
      System.out.println("| shape | batch | frames/s | TFLOP/s | limit before | behind | share |");
      System.out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
      for (String shape : SHAPES) {
        double perCall = millis(runtime, shape, batch, 3);
        double[] shares = new double[rounds];
        for (int round = 0; round < rounds; round++) {
          shares[round] = round(runtime, shape, batch, (int) Math.ceil(SECONDS * 1e3 / perCall));
        }
        Arrays.sort(shares);
        System.out.printf(
            Locale.ROOT, "| %s, median | | | | | | %.1f %% |%n", shape, 100 * shares[rounds / 2]);
      }
    }
  }

  private static double millis(TensorRuntime runtime, String shape, int batch, int calls) {
    return encoded(runtime, shape, batch, calls).millisPerFrame() * batch;
  }

  private static EncoderBench.Outcome encoded(
      TensorRuntime runtime, String shape, int batch, int calls) {
    return EncoderBench.run(runtime, new EncoderBench.Plan(shape, Precision.BF16, batch, 1, calls));
  }

  private static double round(TensorRuntime runtime, String shape, int batch, int calls) {
    double before = SustainedProduct.teraflopsPerSecond(runtime, SECONDS);
    EncoderBench.Outcome outcome = encoded(runtime, shape, batch, calls);
    double behind = SustainedProduct.teraflopsPerSecond(runtime, SECONDS);
    double reached = outcome.gigaflopsPerSecond() / 1e3;
    double share = reached / ((before + behind) / 2);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f | %.0f | %.0f | %.0f | %.1f %% |%n",
        shape,
        batch,
        1e3 / outcome.millisPerFrame(),
        reached,
        before,
        behind,
        100 * share);
    return share;
  }
}
