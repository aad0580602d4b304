package dev.densestream.answerservice.language;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes things on several threads: all of them, or none, and then what was made is closed. */
final class SideBySide {
  private final AtomicBoolean stopped = new AtomicBoolean();
  private @Nullable Throwable failure;

  private SideBySide() {}

  /** In the order of the makers. Throws what the first of these that failed threw. */
  static List<LayerWeights> make(List<Supplier<LayerWeights>> makers, int threads) {
    return new SideBySide().all(makers, threads);
  }

  private List<LayerWeights> all(List<Supplier<LayerWeights>> makers, int threads) {
    List<LayerWeights> made = new ArrayList<>();
    try (ExecutorService executor =
        new ThreadPoolExecutor(
            threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(makers.size()))) {
      List<Future<LayerWeights>> making =
          makers.stream().map(maker -> executor.submit(() -> make(maker))).toList();
      making.forEach(one -> take(one, made));
    }
    Throwable first = failure;
    if (first == null) {
      return made;
    }
    made.forEach(LayerWeights::close);
    switch (first) {
      case RuntimeException refused -> throw refused;
      case Error error -> throw error;
      default -> throw new IllegalStateException("weights could not be read", first);
    }
  }

  /** None is begun once one has failed. */
  private LayerWeights make(Supplier<LayerWeights> maker) {
    if (stopped.get()) {
      throw new CancellationException("another part has failed");
    }
    try {
      return maker.get();
    } catch (RuntimeException | Error e) {
      stopped.set(true);
      throw e;
    }
  }

  /** Waits even when interrupted, though for no more than what is being made: it must be closed. */
  private void take(Future<LayerWeights> one, List<LayerWeights> made) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          made.add(one.get());
          return;
        } catch (InterruptedException _) {
          interrupted = true;
          stopped.set(true);
        }
      }
    } catch (ExecutionException e) {
      failure = failure == null ? e.getCause() : failure;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
