package dev.densestream.endtoend.architecture.offending;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does not say how many at once. */
public final class UnboundedFlatMap {
  Flux<String> all(Flux<String> names) {
    return names.flatMap(Mono::just);
  }
}
