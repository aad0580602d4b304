package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.Capture;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicTable;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.GroupedFlux;
import reactor.util.retry.Retry;

/**
 * Captures every defined stream that has a source, each once, and publishes its segments; begins,
 * ends and begins anew as definitions come, go and change.
 */
final class Captures {
  private static final Logger LOG = LoggerFactory.getLogger(Captures.class);

  /** Streams captured by one process; more wait for one to be deleted. */
  private static final int MOST = 256;

  private final Capture capture;
  private final TopicCluster cluster;
  private final TopicTable<StreamDefinition> streams;

  Captures(Capture capture, TopicCluster cluster, TopicTable<StreamDefinition> streams) {
    this.capture = requireNonNull(capture, "capture is null");
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.streams = requireNonNull(streams, "streams is null");
  }

  /** Emits where each segment stands. Runs until cancelled. */
  Flux<RecordPosition> run() {
    return streams
        .caughtUp()
        .thenMany(Flux.defer(this::keys))
        .groupBy(key -> key, MOST)
        .flatMap(this::stream, MOST, 1);
  }

  /** Keys that may have changed: first all there are, then each that does. */
  private Flux<String> keys() {
    return Flux.merge(
        Flux.just(streams.changes(), Flux.fromIterable(streams.snapshot().keySet())), 2, 1);
  }

  /** One stream's definitions, the present one captured; over when there is none any more. */
  private Flux<RecordPosition> stream(GroupedFlux<String, String> changes) {
    return changes
        .map(key -> Optional.ofNullable(streams.snapshot().get(key)))
        .distinctUntilChanged()
        .takeUntil(Optional::isEmpty)
        .switchMap(definition -> capture(changes.key(), definition));
  }

  private Flux<RecordPosition> capture(String key, Optional<StreamDefinition> definition) {
    if (definition.flatMap(StreamDefinition::sourceUri).isEmpty()) {
      capture.forget(new StreamId(key));
      return Flux.empty();
    }
    return capture
        .segments(definition.get())
        .concatMap(cluster::publish, 1)
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                .maxBackoff(Duration.ofSeconds(30))
                .transientErrors(true)
                .filter(error -> !(error instanceof MediaRefusedException)))
        .onErrorResume(
            MediaRefusedException.class,
            refused -> {
              LOG.warn("stream {} is not captured: {}", key, refused.getMessage());
              return Flux.empty();
            });
  }
}
