package dev.densestream.benchmarks.limit;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Products of 8192×8192 bfloat16 matrices of normally distributed numbers, for as long as a device
 * needs to get as hot as it does at work. A device's best moment is another figure.
 */
final class SustainedProduct {
  private static final int SIDE = 8192;
  private static final int AT_ONCE = 20;

  private SustainedProduct() {}

  /** Of the median among stretches of 20 products, one behind the other for so long. */
  static double teraflopsPerSecond(TensorRuntime runtime, double seconds) {
    try (TensorProgram program = runtime.compile(SustainedProduct.class, "SustainedProduct.torch");
        Tensor there = runtime.floats(new float[1], 1);
        Tensor x = program.call("matrix", there, SIDE, SIDE);
        Tensor weight = program.call("matrix", there, SIDE, SIDE)) {
      program.call("product", x, weight).close(); // chooses its kernel
      runtime.await();
      List<Double> rates = new ArrayList<>();
      long end = System.nanoTime() + (long) (seconds * 1e9);
      do {
        rates.add(stretch(runtime, program, x, weight));
      } while (System.nanoTime() < end);
      Collections.sort(rates);
      return rates.get(rates.size() / 2);
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
