package dev.densestream.answerservice.job;

import dev.densestream.answerservice.clip.TimedText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One job in memory: its state, and a tick whenever that changes. Who follows re-reads the state at
 * each tick, so a slow follower misses ticks, never the state.
 */
final class ClipEntry {
  private final ClipJob job;

  /** Held while the status is written, which nobody who reads it should wait for. */
  private final Object saving = new Object();

  private final List<TimedText> texts = new ArrayList<>();
  private final Sinks.Many<Boolean> ticks = Sinks.many().multicast().directBestEffort();
  private final Sinks.Empty<Void> withdrawn = Sinks.empty();
  private Sinks.Empty<Void> free = Sinks.empty();
  private ClipStatus status;
  private boolean claimed;
  private boolean gone;

  ClipEntry(ClipJob job, ClipStatus status) {
    this.job = job;
    this.status = status;
  }

  ClipJob job() {
    return job;
  }

  synchronized ClipStatus status() {
    return status;
  }

  synchronized List<TimedText> textsFrom(int index) {
    return List.copyOf(texts.subList(Math.min(index, texts.size()), texts.size()));
  }

  /** True for one caller at a time, and for none once the job is over. */
  synchronized boolean claim() {
    if (claimed || status.terminal()) {
      return false;
    }
    claimed = true;
    free = Sinks.empty();
    texts.clear();
    return true;
  }

  void unclaim() {
    Sinks.Empty<Void> waiting;
    synchronized (this) {
      claimed = false;
      waiting = free;
    }
    waiting.tryEmitEmpty();
  }

  /** Completes when nobody has claimed the job any more. */
  synchronized Mono<Void> free() {
    return claimed ? free.asMono() : Mono.empty();
  }

  /** Changes the status and lets {@code remember} have it before anybody else changes it. */
  void change(ClipStatus next, Consumer<ClipStatus> remember) {
    synchronized (saving) {
      remember.accept(next);
      synchronized (this) {
        status = next;
      }
    }
    tick();
  }

  /** Lets {@code remember} have the status as it is. */
  void note(Consumer<ClipStatus> remember) {
    synchronized (saving) {
      remember.accept(status());
    }
  }

  /** Takes over what another process says of the job, unless it is this one that works on it. */
  void seen(ClipStatus elsewhere) {
    synchronized (this) {
      if (claimed || status.equals(elsewhere)) {
        return;
      }
      status = elsewhere;
    }
    tick();
  }

  void add(TimedText text) {
    synchronized (this) {
      texts.add(text);
      ClipStatus.Progress at = status.progress();
      status =
          status.with(
              ClipStatus.State.RUNNING,
              new ClipStatus.Progress(at.fraction(), at.frames(), texts.size()),
              null);
    }
    tick();
  }

  void at(double fraction, long frames) {
    synchronized (this) {
      status =
          status.with(
              ClipStatus.State.RUNNING,
              new ClipStatus.Progress(fraction, frames, texts.size()),
              null);
    }
    tick();
  }

  synchronized boolean isWithdrawn() {
    return gone;
  }

  void withdraw() {
    synchronized (this) {
      gone = true;
    }
    withdrawn.tryEmitEmpty();
  }

  /** Completes when somebody deletes the clip. */
  Mono<Void> withdrawn() {
    return withdrawn.asMono();
  }

  Flux<Boolean> ticks() {
    return ticks.asFlux();
  }

  private synchronized void tick() {
    ticks.tryEmitNext(true);
  }
}
