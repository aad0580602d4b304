package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/**
 * Work that goes on as long as the application runs. Every bean of this type is subscribed, run
 * anew with growing pauses whenever it fails, and cancelled at shutdown, by the one lifecycle owner
 * in {@code live}.
 *
 * @param name for the log
 * @param run makes the flux to subscribe, anew for each run; done when it completes
 * @param close after the cancellation, at shutdown
 */
public record BackgroundWork(String name, Supplier<? extends Flux<?>> run, Runnable close) {
  public BackgroundWork {
    requireNonNull(name, "name is null");
    requireNonNull(run, "run is null");
    requireNonNull(close, "close is null");
  }

  public static BackgroundWork of(String name, Supplier<? extends Flux<?>> run) {
    return new BackgroundWork(name, run, () -> {});
  }
}
