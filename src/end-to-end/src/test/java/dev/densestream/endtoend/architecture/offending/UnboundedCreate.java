package dev.densestream.endtoend.architecture.offending;

import reactor.core.publisher.Flux;

/** Creates a flux that buffers without end. */
public final class UnboundedCreate {
  Flux<String> all() {
    return Flux.create(sink -> sink.next("x"));
  }
}
