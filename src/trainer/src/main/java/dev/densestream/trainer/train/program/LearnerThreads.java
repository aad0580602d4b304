package dev.densestream.trainer.train.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that do the parts of a step side by side. */
final class LearnerThreads implements AutoCloseable {
  private static final int MOST_PARTS = 1024;

  private final ThreadPoolExecutor threads;

  LearnerThreads(int count) {
    AtomicInteger made = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_PARTS),
            part ->
                Thread.ofPlatform()
                    .name("learner-" + made.incrementAndGet())
                    .daemon()
                    .unstarted(part));
  }

  /** Results in the order of the parts. */
  <T> List<T> all(List<Callable<T>> parts) {
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> part : threads.invokeAll(parts)) {
        results.add(part.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while learning", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("a part of a step failed", e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
