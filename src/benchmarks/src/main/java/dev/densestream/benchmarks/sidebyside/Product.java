package dev.densestream.benchmarks.sidebyside;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.Arrays;

/** Products of 8192×8192 bfloat16 matrices of normally distributed numbers. */
public final class Product {
  private static final int SIDE = 8192;
  private static final int AT_ONCE = 20;

  private Product() {}

  /** The median of stretches of 20 products, one behind the other for so long. */
  public static double teraflopsPerSecond(TensorRuntime runtime, double seconds) {
    try (TensorProgram program = runtime.compile(Product.class, "Multiplication.torch");
        Tensor there = runtime.floats(new float[1], 1);
        Tensor x = program.call("centred", there, SIDE, SIDE);
        Tensor weight = program.call("centred", there, SIDE, SIDE)) {
      program.call("product", x, weight).close(); // chooses its kernel
      runtime.await();
      double[] rates = new double[0];
      long end = System.nanoTime() + (long) (seconds * 1e9);
      while (rates.length == 0 || System.nanoTime() < end) {
        rates = Arrays.copyOf(rates, rates.length + 1);
        rates[rates.length - 1] = stretch(runtime, program, x, weight);
      }
      Arrays.sort(rates);
      return rates[rates.length / 2];
    }
  }

  private static double stretch(
      TensorRuntime runtime, TensorProgram program, Tensor x, Tensor weight) {
    long begin = System.nanoTime();
    for (int i = 0; i < AT_ONCE; i++) {
      program.call("product", x, weight).close();
    }
    runtime.await();
    return AT_ONCE * 2.0 * SIDE * SIDE * SIDE / (System.nanoTime() - begin) / 1e3;
  }
}
