package dev.densestream.answerservice.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Bounds the bytes of decoded frames that all streams together hold for the encoder. First come,
 * first served, so that a large frame is not passed by small ones for ever; a frame larger than the
 * whole budget is let through alone, so that nothing waits for room there can never be.
 */
final class FrameBudget {
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Claim> waiting = new ArrayDeque<>();
  private long held;

  /**
   * @param mostBytes held at the same time, but for a single frame that is larger
   */
  FrameBudget(long mostBytes) {
    if (mostBytes < 1) {
      throw new IllegalArgumentException("frame bytes must be >= 1: was " + mostBytes);
    }
    this.mostBytes = mostBytes;
  }

  /** One segment's part, to be closed when the segment is over, however it ends. */
  Share open() {
    return new Share();
  }

  long mostBytes() {
    return mostBytes;
  }

  /** Bytes of the frames let through and not given back yet. */
  long heldBytes() {
    return locked(() -> held);
  }

  /** Frames that wait for room. A segment whose frame waits is decoded no further. */
  int waitingFrames() {
    return locked(waiting::size);
  }

  private enum State {
    WAITING,
    HELD,
    OVER
  }

  /** Room for one frame. */
  final class Claim {
    private final Share share;
    private final long bytes;
    private final MonoSink<Claim> sink;
    private State state = State.WAITING;

    private Claim(Share share, long bytes, MonoSink<Claim> sink) {
      this.share = share;
      this.bytes = bytes;
      this.sink = sink;
    }

    /** Gives the room back; the second time nothing happens. */
    void release() {
      tell(
          locked(
              () -> {
                share.open.remove(this);
                end(this);
                return admit();
              }));
    }
  }

  /** The frames of one segment. */
  final class Share implements AutoCloseable {
    private final Set<Claim> open = new HashSet<>();
    private boolean closed;

    /** Emits once there is room for so many bytes; the receiver gives it back. */
    Mono<Claim> claim(long bytes) {
      return Mono.create(
          sink -> {
            Claim claim = new Claim(this, bytes, sink);
            tell(locked(() -> closed ? List.of() : enqueue(claim)));
          });
    }

    private List<Claim> enqueue(Claim claim) {
      open.add(claim);
      waiting.add(claim);
      return admit();
    }

    /** Gives back what is still held or waited for. */
    @Override
    public void close() {
      tell(
          locked(
              () -> {
                closed = true;
                open.forEach(FrameBudget.this::end);
                open.clear();
                return admit();
              }));
    }
  }

  private void end(Claim claim) {
    switch (claim.state) {
      case WAITING -> waiting.remove(claim);
      case HELD -> held -= claim.bytes;
      case OVER -> {}
    }
    claim.state = State.OVER;
  }

  private List<Claim> admit() {
    List<Claim> admitted = new ArrayList<>();
    for (Claim next = waiting.peek(); next != null && fits(next); next = waiting.peek()) {
      waiting.remove();
      next.state = State.HELD;
      held += next.bytes;
      admitted.add(next);
    }
    return admitted;
  }

  private boolean fits(Claim claim) {
    return held == 0 || held + claim.bytes <= mostBytes;
  }

  /** Outside of the lock: a receiver may do anything. */
  private static void tell(List<Claim> admitted) {
    admitted.forEach(claim -> claim.sink.success(claim));
  }

  private <T> T locked(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }
}
