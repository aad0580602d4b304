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
import org.jspecify.annotations.Nullable;

/** Threads that do the parts of a step side by side; where there would be one, the caller's own. */
final class LearnerThreads implements AutoCloseable {
  private static final int MOST_PARTS = 1024;

  private final int count;
  private final ThreadPoolExecutor threads;

  LearnerThreads(int count) {
    this.count = count;
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
      if (count == 1) {
        for (Callable<T> part : parts) {
          results.add(part.call());
        }
        return results;
      }
      for (Future<T> part : threads.invokeAll(parts)) {
        results.add(part.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while learning", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (Exception e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    return cause instanceof RuntimeException refused
        ? refused
        : new IllegalStateException("a part of a step failed", cause);
  }

  /** Waits for parts that an interruption left behind: they use tensors that are closed next. */
  @Override
  public void close() {
    threads.close();
  }
}
