package dev.densestream.framesampler.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends processes that take too long. Blocking reads of their pipes end with them. */
final class Watchdog implements AutoCloseable {
  private static final Duration GRACE = Duration.ofMillis(500);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("segment-decode-watchdog").daemon().factory());

  /** Asked to end and not gone yet: nobody else remembers them, their slots are filled anew. */
  private final Set<Process> ending = ConcurrentHashMap.newKeySet();

  /** Something that blocks until a process does its part. */
  interface Blocking<T> {
    T run() throws IOException;
  }

  /**
   * @throws TimeoutException when the process was ended for it
   */
  <T> T within(long nanos, Process process, Blocking<T> step) throws IOException {
    Future<?> end = endAfter(Duration.ofNanos(nanos), process);
    try {
      T result = step.run();
      if (!end.cancel(false)) {
        throw new TimeoutException();
      }
      return result;
    } catch (IOException e) {
      throw end.cancel(false) ? e : new TimeoutException();
    }
  }

  /** Ends a process after a while, unless cancelled. */
  Future<?> endAfter(Duration delay, Process process) {
    try {
      return timer.schedule(() -> end(process), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      process.toHandle().destroyForcibly(); // closed: nobody waits for anything any more
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Asks once, then insists. */
  void end(Process process) {
    ending.add(process);
    var _ = process.onExit().thenRun(() -> ending.remove(process));
    // By its handle, because Process.destroy() would close the pipe under a thread that reads it.
    process.toHandle().destroy();
    try {
      var _ =
          timer.schedule(
              () -> process.toHandle().destroyForcibly(), GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      process.toHandle().destroyForcibly();
    }
  }

  /** Who was asked to end is ended now; nobody is left to insist later. */
  @Override
  public void close() {
    timer.shutdownNow();
    ending.forEach(process -> process.toHandle().destroyForcibly());
  }

  /** The process took longer than it may. */
  static final class TimeoutException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
