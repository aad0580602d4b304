package dev.densestream.answerservice.language.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that share a step with the one that asks for it. Each takes the pieces of its own
 * share of a work one after the other, since memory is read fastest in its order, and then what is
 * left of the others', so nobody waits for a helper that is asleep or has lost its core. A helper
 * that finds no work looks for it for a while, since most works follow each other within
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
    private final AtomicIntegerArray next;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Work(Pieces pieces, int count, int shares) {
      this.pieces = pieces;
      this.count = count;
      this.next = new AtomicIntegerArray(shares);
      for (int share = 0; share < shares; share++) {
        next.set(share, first(share));
      }
    }

    private int first(int share) {
      return (int) ((long) count * share / next.length());
    }

    private boolean isLeft() {
      for (int share = 0; share < next.length(); share++) {
        if (next.get(share) < first(share + 1)) {
          return true;
        }
      }
      return false;
    }

    private void take(int mine) {
      for (int i = 0; i < next.length(); i++) {
        int share = (mine + i) % next.length();
        int end = first(share + 1);
        for (int piece = next.getAndIncrement(share);
            piece < end;
            piece = next.getAndIncrement(share)) {
          one(piece);
        }
      }
    }

    private void one(int piece) {
      try {
        pieces.piece(piece);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        done.incrementAndGet();
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
      int share = i;
      helpers.add(Thread.ofPlatform().name("step-helper-" + i).daemon().start(() -> help(share)));
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
    Work mine = new Work(pieces, count, helpers.size() + 1);
    work = mine;
    if (asleep.get() > 0) {
      helpers.forEach(LockSupport::unpark);
    }
    mine.take(0);
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

  private void help(int share) {
    long since = System.nanoTime();
    while (!closed) {
      Work found = work;
      if (found != null && found.isLeft()) {
        found.take(share);
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
