package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.clip.TimedText;
import dev.densestream.answerservice.job.ClipChange;
import java.time.Duration;
import java.util.Set;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job's changes as server-sent events: {@code progress} with the status, {@code text} with each
 * caption, then {@code done} or {@code failed} with the last status.
 */
final class ClipEvents {
  private static final int MISSED_HEARTBEATS = 4;
  private static final Set<String> LAST = Set.of("done", "failed");

  private final JsonMapper json;
  private final Duration heartbeat;

  ClipEvents(JsonMapper json, Duration heartbeat) {
    this.json = requireNonNull(json, "json is null");
    this.heartbeat = requireNonNull(heartbeat, "heartbeat is null");
  }

  Flux<ServerSentEvent<String>> of(Flux<ClipChange> changes) {
    Flux<ServerSentEvent<String>> beats =
        Flux.interval(heartbeat)
            .map(_ -> ServerSentEvent.<String>builder().comment("").build())
            .onBackpressureBuffer(MISSED_HEARTBEATS);
    return Flux.merge(1, changes.map(this::event), beats)
        .takeUntil(event -> event.event() != null && LAST.contains(event.event()));
  }

  private ServerSentEvent<String> event(ClipChange change) {
    return switch (change) {
      case ClipChange.Stands(var status) ->
          event(status.terminal() ? status.state().text() : "progress", status);
      case ClipChange.Said(TimedText text) ->
          event(
              "text", new Said(text.range().startMicros(), text.range().endMicros(), text.text()));
    };
  }

  /** A caption on its way. */
  private record Said(long startMicros, long endMicros, String text) {}

  private ServerSentEvent<String> event(String name, Object value) {
    return ServerSentEvent.builder(json.writeValueAsString(value)).event(name).build();
  }
}
