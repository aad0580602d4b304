package dev.densestream.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads memory as fast as plain Java does: each thread sums an array of its own. */
final class MemoryReading {
  private static final int LONGS = 64 << 20; // 512 MiB a thread
  private static final int PASSES = 6;
  private static final int STREAMS = 4;

  private MemoryReading() {}

  /**
   * The fastest pass. The arrays are far larger than caches; on huge shared ones that may not hold.
   */
  static double gigabytesPerSecond(int threads) throws InterruptedException {
    List<long[]> arrays = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long[] array = new long[LONGS];
      Arrays.fill(array, i + 1L);
      arrays.add(array);
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      long best = Long.MAX_VALUE;
      for (int pass = 0; pass < PASSES; pass++) {
        best = Math.min(best, nanos(pool, arrays));
      }
      return 8.0 * LONGS * threads / (double) best;
    }
  }

  private static long nanos(ExecutorService pool, List<long[]> arrays) throws InterruptedException {
    List<Callable<Long>> sums = arrays.stream().map(a -> (Callable<Long>) () -> sum(a)).toList();
    long begin = System.nanoTime();
    for (Future<Long> sum : pool.invokeAll(sums)) {
      try {
        if (sum.get() <= 0) {
          throw new IllegalStateException("the sum of positive numbers is not positive");
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("reading memory failed", e);
      }
    }
    return System.nanoTime() - begin;
  }

  /** Several places of the array at a time, which lets more reads be under way. */
  private static long sum(long[] array) {
    int part = array.length / STREAMS;
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (int i = 0; i < part; i++) {
      a += array[i];
      b += array[i + part];
      c += array[i + 2 * part];
      d += array[i + 3 * part];
    }
    return a + b + c + d;
  }
}
