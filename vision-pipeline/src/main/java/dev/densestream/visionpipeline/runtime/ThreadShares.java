package dev.densestream.visionpipeline.runtime;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Shares the engine's threads among the calls that run at the same time: each call gets what is its
 * share when it begins. An encoder and a language model with all threads each would wait for one
 * another's at every operator; one after the other, a window's encoding would hold up all answers.
 */
final class ThreadShares {
  private final int threads;
  private final AtomicInteger calls = new AtomicInteger();

  /** What the engine was told last on this thread; it keeps the number for each. */
  private static final ThreadLocal<Integer> TOLD = ThreadLocal.withInitial(() -> 0);

  ThreadShares(int threads) {
    this.threads = threads;
  }

  <T> T during(Supplier<T> call) {
    int share = Math.max(1, threads / calls.incrementAndGet());
    try {
      if (TOLD.get() != share) {
        JniUtils.setNumThreads(share);
        TOLD.set(share);
      }
      return call.get();
    } finally {
      calls.decrementAndGet();
    }
  }
}
