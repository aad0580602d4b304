package dev.densestream.framesampler.pool;

import dev.densestream.framesampler.DecoderSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Hands slots with a living process to media, first come, first served. A slot is never handed out
 * twice, and always comes back: its holder's {@link Turn} ends exactly once.
 */
final class SlotQueue {
  private static final int MOST_WAITING = 10_000;
  private static final int STARTS_TRIED = 3;
  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  private final DecoderSettings settings;
  private final ChildCommand command;
  private final DecoderMetrics metrics;
  private final RestartPace pace = new RestartPace();
  private final Watchdog watchdog = new Watchdog();
  private final List<ChildSlot> slots = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<ChildSlot> idle = new ArrayDeque<>();
  private final Deque<ChildSlot> unstarted = new ArrayDeque<>();
  private final Deque<Turn> waiting = new ArrayDeque<>();
  private int failedStarts;
  private boolean closed;

  SlotQueue(
      String use,
      int count,
      DecoderSettings settings,
      ChildCommand command,
      DecoderMetrics metrics) {
    this.settings = settings;
    this.command = command;
    this.metrics = metrics;
    for (int i = 0; i < count; i++) {
      slots.add(new ChildSlot());
    }
    unstarted.addAll(slots);
    metrics.watch(use, this);
  }

  /** Starts all processes in the background, before anybody asks for one. */
  void start() {
    for (int i = 0; i < slots.size(); i++) {
      startAnother();
    }
  }

  int waiting() {
    return locked(waiting::size);
  }

  long alive() {
    return slots.stream().filter(ChildSlot::alive).count();
  }

  boolean closed() {
    return locked(() -> closed);
  }

  /** The slot for a turn, when there is one. The caller ends the turn, whatever happens. */
  Mono<ChildSlot> slot(Turn turn) {
    return Mono.create(sink -> enqueue(turn, sink));
  }

  /** Ends a turn, once; from any thread. */
  void end(Turn turn) {
    ChildSlot slot =
        locked(
            () -> {
              if (turn.ended) {
                return null;
              }
              turn.ended = true;
              waiting.remove(turn);
              return turn.slot;
            });
    if (slot == null) {
      return;
    }
    Exchange exchange = turn.exchange;
    if (exchange != null && exchange.running()) {
      slot.child().abort();
    }
    if (!closed()) {
      slot.scheduler().schedule(() -> recycle(slot, turn));
    }
  }

  void close() {
    List<Turn> left = new ArrayList<>();
    boolean first =
        locked(
            () -> {
              boolean was = closed;
              closed = true;
              left.addAll(waiting);
              waiting.clear();
              return !was;
            });
    left.forEach(turn -> fail(turn, closedError()));
    if (first) {
      endAll();
    }
  }

  static IllegalStateException closedError() {
    return new IllegalStateException("The frame sampler is closed.");
  }

  private void endAll() {
    slots.forEach(ChildSlot::end);
    long deadline = System.nanoTime() + CLOSE_TIME.toNanos();
    for (ChildSlot slot : slots) {
      slot.awaitEnd(deadline - System.nanoTime());
      slot.scheduler().dispose();
    }
    watchdog.close();
  }

  private void enqueue(Turn turn, MonoSink<ChildSlot> sink) {
    RuntimeException refused =
        locked(
            () -> {
              if (closed) {
                return closedError();
              }
              if (waiting.size() >= MOST_WAITING) {
                return new IllegalStateException("Too much media waits for a decoder process.");
              }
              turn.sink = sink;
              if (!turn.ended) {
                waiting.add(turn);
              }
              return null;
            });
    if (refused != null) {
      sink.error(refused);
      return;
    }
    handOut();
    if (locked(() -> !waiting.isEmpty())) {
      startAnother();
    }
  }

  private void startAnother() {
    ChildSlot slot = locked(unstarted::pollFirst);
    if (slot != null) {
      schedule(slot, Duration.ZERO);
    }
  }

  /** Assigned under the lock, told outside of it: a receiver may do anything. */
  private void handOut() {
    while (true) {
      Turn turn =
          locked(
              () -> {
                if (idle.isEmpty() || waiting.isEmpty()) {
                  return null;
                }
                Turn next = waiting.removeFirst();
                next.slot = idle.removeFirst();
                return next;
              });
      if (turn == null) {
        return;
      }
      MonoSink<ChildSlot> sink = turn.sink;
      if (sink != null) {
        sink.success(turn.slot);
      }
    }
  }

  /** On the slot's thread, after everything its turn did there. */
  private void recycle(ChildSlot slot, Turn turn) {
    ChildProcess child = slot.child();
    Exchange exchange = turn.exchange;
    if (exchange != null) {
      if (exchange.running()) {
        child.abort();
      }
      exchange.drain();
      metrics.ended(exchange);
    }
    boolean worn = child.worn();
    boolean reusable =
        !worn && child.settled() && (exchange == null || exchange.reusable()) && child.alive();
    if (reusable) {
      offer(slot);
      return;
    }
    child.end();
    metrics.restart(worn ? "worn" : "lost");
    schedule(slot, worn ? Duration.ZERO : pace.failed(System.nanoTime()));
  }

  private void schedule(ChildSlot slot, Duration delay) {
    if (!closed()) {
      slot.scheduler().schedule(() -> fill(slot), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void fill(ChildSlot slot) {
    try {
      slot.start(command, settings.start(), watchdog);
      if (closed()) {
        slot.end();
        return;
      }
      locked(() -> failedStarts = 0);
      offer(slot);
    } catch (IOException e) {
      metrics.restart("start");
      giveUpAfterSome(e);
      schedule(slot, pace.failed(System.nanoTime()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveUpAfterSome(IOException cause) {
    List<Turn> left = new ArrayList<>();
    locked(
        () -> {
          failedStarts++;
          if (failedStarts >= STARTS_TRIED) {
            left.addAll(waiting);
            waiting.clear();
          }
          return null;
        });
    IllegalStateException error =
        new IllegalStateException(
            "The decoder process does not start: " + cause.getMessage(), cause);
    left.forEach(turn -> fail(turn, error));
  }

  private void offer(ChildSlot slot) {
    locked(() -> idle.add(slot));
    handOut();
  }

  private static void fail(Turn turn, RuntimeException error) {
    MonoSink<ChildSlot> sink = turn.sink;
    if (sink != null) {
      sink.error(error);
    }
  }

  private <T extends @Nullable Object> T locked(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }
}
