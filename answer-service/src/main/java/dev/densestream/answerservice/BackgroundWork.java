package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Work that goes on as long as the application runs. Every bean of this type is subscribed, run
 * anew with growing pauses whenever it fails, and cancelled at shutdown, by the one lifecycle owner
 * in {@code live}.
 *
 * @param name for the log
 * @param run makes the flux to subscribe, anew for each run; done when it completes
 * @param finish at shutdown, before the cancellation: takes up nothing new, and completes when what
 *     is under way is over; waited for a few seconds at most
 * @param close after the cancellation, at shutdown
 */
public record BackgroundWork(
    String name, Supplier<? extends Flux<?>> run, Mono<Void> finish, Runnable close) {
  public BackgroundWork {
    requireNonNull(name, "name is null");
    requireNonNull(run, "run is null");
    requireNonNull(finish, "finish is null");
    requireNonNull(close, "close is null");
  }

  /** Work that can be cancelled at any moment. */
  public static BackgroundWork of(String name, Supplier<? extends Flux<?>> run) {
    return new BackgroundWork(name, run, Mono.empty(), () -> {});
  }
}
