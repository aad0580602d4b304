package dev.densestream.answerservice.language.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that share a step with the one that asks for it. Each takes the next piece of work
 * until there is none left, so nobody waits for a helper that is asleep or has lost its core. A
 * helper that finds no work looks for it for a while, since most works follow each other within
 * microseconds, and then sleeps until it is woken.
 */
final class Crew implements AutoCloseable {
  /** Nanoseconds: as long as the tensor engine's threads look. */
  private static final long LOOKING = 100_000;

  private final List<Thread> helpers = new ArrayList<>();
  private final AtomicInteger asleep = new AtomicInteger();
  private volatile @Nullable Work work;
  private volatile boolean closed;

  /** Something in pieces that may be done in any order, side by side. */
  @FunctionalInterface
  interface Pieces {
    void piece(int number);
  }

  private static final class Work {
    private final Pieces pieces;
    private final int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Work(Pieces pieces, int count) {
      this.pieces = pieces;
      this.count = count;
    }

    private boolean isLeft() {
      return next.get() < count;
    }

    private void take() {
      for (int piece = next.getAndIncrement(); piece < count; piece = next.getAndIncrement()) {
        try {
          pieces.piece(piece);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          done.incrementAndGet();
        }
      }
    }
  }

  /**
   * Starts the helpers.
   *
   * @param threads that do work, that of the asking one included
   */
  Crew(int threads) {
    for (int i = 1; i < threads; i++) {
      helpers.add(Thread.ofPlatform().name("step-helper-" + i).daemon().start(this::help));
    }
  }

  /** Does all pieces; for one thread at a time. What a piece throws is thrown here, once. */
  void run(int count, Pieces pieces) {
    if (helpers.isEmpty() || count == 1) {
      for (int i = 0; i < count; i++) {
        pieces.piece(i);
      }
      return;
    }
    Work mine = new Work(pieces, count);
    work = mine;
    if (asleep.get() > 0) {
      helpers.forEach(LockSupport::unpark);
    }
    mine.take();
    while (mine.done.get() < count) {
      Thread.onSpinWait();
    }
    switch (mine.failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private void help() {
    long since = System.nanoTime();
    while (!closed) {
      Work found = work;
      if (found != null && found.isLeft()) {
        found.take();
        since = System.nanoTime();
      } else if (System.nanoTime() - since < LOOKING) {
        Thread.onSpinWait();
      } else {
        sleep();
        since = System.nanoTime();
      }
    }
  }

  /** Whoever sets work looks for sleepers afterwards, and whoever sleeps for work. */
  private void sleep() {
    asleep.incrementAndGet();
    try {
      Work found = work;
      if (!closed && (found == null || !found.isLeft())) {
        LockSupport.park(this);
      }
    } finally {
      asleep.decrementAndGet();
    }
  }

  /** The helpers end; nothing may be running. */
  @Override
  public void close() {
    closed = true;
    helpers.forEach(LockSupport::unpark);
  }
}
