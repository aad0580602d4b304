package dev.densestream.ingest;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waiting for something another thread is about to do. */
public final class Awaiting {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Awaiting() {}

  public static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not so within " + LIMIT);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
