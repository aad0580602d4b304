package dev.densestream.visionpipeline.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Frames in order of arrival, bounded in bytes; one thread takes batches out. */
final class FrameQueue {
  enum Offer {
    ACCEPTED,
    FULL,
    CLOSED
  }

  private final BatchLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  FrameQueue(BatchLimits limits) {
    this.limits = limits;
  }

  Offer offer(Waiting frame) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      // A frame larger than the whole queue still passes when nothing else waits.
      if (bytes > 0 && bytes + frame.bytes() > limits.queueBytes()) {
        return Offer.FULL;
      }
      waiting.addLast(frame);
      bytes += frame.bytes();
      changed.signalAll();
      return Offer.ACCEPTED;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was still waiting. */
  boolean remove(Waiting frame) {
    lock.lock();
    try {
      boolean removed = waiting.remove(frame);
      if (removed) {
        bytes -= frame.bytes();
      }
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a first frame, then for as many as fit, but not longer than the first may wait. Empty
   * once the queue is closed.
   */
  List<Waiting> takeBatch() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && !isReady()) {
        var _ = changed.awaitNanos(waiting.isEmpty() ? Long.MAX_VALUE : nanosLeft());
      }
      List<Waiting> batch = new ArrayList<>();
      while (!closed && !waiting.isEmpty() && batch.size() < limits.frames()) {
        Waiting next = waiting.removeFirst();
        bytes -= next.bytes();
        batch.add(next);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private boolean isReady() {
    return waiting.size() >= limits.frames() || (!waiting.isEmpty() && nanosLeft() <= 0);
  }

  private long nanosLeft() {
    return waiting.getFirst().sinceNanos() + limits.longestWait().toNanos() - System.nanoTime();
  }

  /** Lets nothing in any more. @return what was still waiting */
  List<Waiting> close() {
    lock.lock();
    try {
      closed = true;
      List<Waiting> rest = List.copyOf(waiting);
      waiting.clear();
      bytes = 0;
      changed.signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
