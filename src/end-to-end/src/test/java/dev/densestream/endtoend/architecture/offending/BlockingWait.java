package dev.densestream.endtoend.architecture.offending;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Blocks outside a command. */
public final class BlockingWait {
  @Nullable String waits() {
    return Mono.just("x").block();
  }
}
