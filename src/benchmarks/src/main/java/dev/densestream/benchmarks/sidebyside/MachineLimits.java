package dev.densestream.benchmarks.sidebyside;

import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.function.Supplier;

/**
 * The most this machine was seen to do, since load can only hide a limit: products of 1152×4096 and
 * 4096×4096 through the tensor runtime, and reading of memory that no cache holds.
 *
 * @param single float32, 10⁹ operations per second
 * @param brain bfloat16, likewise
 * @param whole 8-bit, likewise
 * @param gigabytes read per second
 */
record MachineLimits(double single, double brain, double whole, double gigabytes) {
  private static final int ROWS = 1152;
  private static final int WIDTH = 4096;
  private static final int CALLS = 12;

  static MachineLimits measure(int threads) throws InterruptedException {
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(threads, "cpu"));
        TensorProgram program = runtime.compile(MachineLimits.class, "Multiplication.torch")) {
      return new MachineLimits(
          floats(program, "single"),
          floats(program, "brain"),
          whole(program),
          MemoryReading.gigabytesPerSecond(threads));
    }
  }

  /** The better of both in every respect. */
  MachineLimits or(MachineLimits other) {
    return new MachineLimits(
        Math.max(single, other.single),
        Math.max(brain, other.brain),
        Math.max(whole, other.whole),
        Math.max(gigabytes, other.gigabytes));
  }

  private static double floats(TensorProgram program, String type) {
    try (Tensor x = program.call(type, ROWS, WIDTH);
        Tensor weight = program.call(type, WIDTH, WIDTH)) {
      return best(() -> program.call("product", x, weight));
    }
  }

  private static double whole(TensorProgram program) {
    try (Tensor x = program.call("whole", ROWS, WIDTH);
        Tensor weight = program.call("packed", WIDTH, WIDTH);
        Tensor scales = program.call("scales", WIDTH);
        Tensor zeros = program.call("zeros", WIDTH)) {
      return best(() -> program.call("whole_product", x, weight, scales, zeros));
    }
  }

  private static double best(Supplier<Tensor> product) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < CALLS; i++) {
      long begin = System.nanoTime();
      product.get().close();
      best = Math.min(best, System.nanoTime() - begin);
    }
    return 2.0 * ROWS * WIDTH * WIDTH / (double) best;
  }
}
