package dev.densestream.ingest.topic;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Between a poll loop and one subscriber: items wait here for demand, and the loop asks {@link
 * #wantsMore} before it fetches. The subscriber is called on a thread of its own, one call at a
 * time, so it may block without keeping the loop from polling.
 *
 * <p>Bounded by the loop's obedience: at most one poll's records lie beyond the limits.
 */
final class DemandQueue<T> implements Subscription {
  private static final int MOST_ITEMS = 256;

  private final CoreSubscriber<? super T> subscriber;
  private final ExecutorService worker;
  private final ToLongFunction<T> sizeOf;
  private final long mostBytes;
  private final Loop loop;

  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger draining = new AtomicInteger();
  private volatile long bytes;
  private volatile int count;
  private volatile boolean cancelled;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;

  /** The loop that fills the queue. */
  interface Loop {
    /** Demand or room has grown: ask again. */
    void wake();

    /** Nobody listens any more. */
    void stop();
  }

  DemandQueue(
      CoreSubscriber<? super T> subscriber,
      ThreadFactory threads,
      ToLongFunction<T> sizeOf,
      long mostBytes,
      Loop loop) {
    this.subscriber = subscriber;
    this.worker = Executors.newSingleThreadExecutor(threads);
    this.sizeOf = sizeOf;
    this.mostBytes = mostBytes;
    this.loop = loop;
  }

  /** True while there is demand beyond what waits here already, and room. */
  boolean wantsMore() {
    return !cancelled && !ended && demand.get() > count && count < MOST_ITEMS && bytes < mostBytes;
  }

  void offer(T item) {
    synchronized (items) {
      items.add(item);
      count++;
      bytes += sizeOf.applyAsLong(item);
    }
    drain();
  }

  /** Takes out what {@code unwanted} says; returns how many. */
  int remove(Predicate<T> unwanted) {
    synchronized (items) {
      int before = items.size();
      items.removeIf(unwanted);
      count = items.size();
      bytes = items.stream().mapToLong(sizeOf).sum();
      return before - count;
    }
  }

  /** Ends the stream with an error, at once: what still waits is dropped. */
  void fail(Throwable cause) {
    failure = cause;
    ended = true;
    drain();
  }

  /** Ends the stream; what still waits is dropped. */
  void complete() {
    ended = true;
    drain();
  }

  long bytes() {
    return bytes;
  }

  int count() {
    return count;
  }

  @Override
  public void request(long n) {
    if (Operators.validate(n)) {
      demand.accumulateAndGet(n, Operators::addCap);
      drain();
      wakeIfWanted();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    loop.stop();
    drain();
  }

  private void drain() {
    if (draining.getAndIncrement() == 0) {
      worker.execute(this::emit);
    }
  }

  private void emit() {
    int missed = draining.get();
    do {
      while (emitOne()) {
        // until demand or items run out
      }
      if (cancelled || ended) {
        finish();
        return; // draining stays above zero: nothing is ever scheduled again
      }
      wakeIfWanted();
      missed = draining.addAndGet(-missed);
    } while (missed != 0);
  }

  private void wakeIfWanted() {
    if (wantsMore()) {
      loop.wake();
    }
  }

  private boolean emitOne() {
    if (cancelled || ended || demand.get() == 0) {
      return false;
    }
    var item = take();
    if (item == null) {
      return false;
    }
    if (demand.get() != Long.MAX_VALUE) {
      demand.decrementAndGet();
    }
    subscriber.onNext(item);
    return true;
  }

  private @Nullable T take() {
    synchronized (items) {
      var item = items.poll();
      if (item != null) {
        count--;
        bytes -= sizeOf.applyAsLong(item);
      }
      return item;
    }
  }

  private void finish() {
    remove(_ -> true);
    var cause = failure;
    if (!cancelled) {
      if (cause == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(cause);
      }
    }
    worker.shutdown();
  }
}
