package dev.densestream.endtoend.architecture.offending;

import reactor.core.publisher.Sinks;

/** Makes a sink whose queue grows without end. */
public final class EndlessSink {
  final Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
}
