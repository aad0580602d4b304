package dev.densestream.ingest.topic;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, within a bound. */
final class Await {
  private Await() {}

  static void until(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Stays alert for all of {@code time}; fails as soon as the condition does not hold. */
  static void staysTrue(Duration time, BooleanSupplier condition) {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      if (!condition.getAsBoolean()) {
        throw new AssertionError("did not hold for " + time);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
