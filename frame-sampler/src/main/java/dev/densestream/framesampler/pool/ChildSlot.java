package dev.densestream.framesampler.pool;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A place for one process, refilled when the process is gone, and the thread that serves it. */
final class ChildSlot {
  private final Scheduler scheduler = Schedulers.newSingle("segment-decode", true);
  private volatile @Nullable ChildProcess child;

  /** Where everything that blocks on this slot's process runs. */
  Scheduler scheduler() {
    return scheduler;
  }

  void start(ChildCommand command, Duration longest, Watchdog watchdog)
      throws IOException, InterruptedException {
    child = ChildProcess.start(command, longest, watchdog);
  }

  /** The process of a slot that was handed out. */
  ChildProcess child() {
    ChildProcess present = child;
    if (present == null) {
      throw new IllegalStateException("a slot is handed out with its process");
    }
    return present;
  }

  boolean alive() {
    ChildProcess present = child;
    return present != null && present.alive();
  }

  /** Waits for the end of a process that was told to end. */
  void awaitEnd(long nanos) {
    ChildProcess present = child;
    if (present != null) {
      present.awaitEnd(nanos);
    }
  }

  void end() {
    ChildProcess present = child;
    if (present != null) {
      present.end();
    }
  }
}
