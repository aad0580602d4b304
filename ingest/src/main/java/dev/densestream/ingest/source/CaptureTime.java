package dev.densestream.ingest.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The clocks of capture: waiting and measuring on a monotonic one, naming moments on the wall's.
 * Under virtual time all three are the scheduler's.
 */
record CaptureTime(Scheduler scheduler, LongSupplier monotonicMicros, InstantSource wall) {
  static CaptureTime system() {
    return new CaptureTime(
        Schedulers.parallel(), () -> System.nanoTime() / 1_000, InstantSource.system());
  }

  /** Everything by a scheduler that keeps its own time. */
  static CaptureTime of(Scheduler scheduler) {
    return new CaptureTime(
        scheduler,
        () -> scheduler.now(TimeUnit.MICROSECONDS),
        () -> Instant.EPOCH.plus(Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS))));
  }

  long wallMicros() {
    return toMicros(wall.instant());
  }

  static long toMicros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  static Instant toInstant(long epochMicros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(epochMicros, 1_000_000L), Math.floorMod(epochMicros, 1_000_000L) * 1_000);
  }
}
