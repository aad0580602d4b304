package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.Capture;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicTable;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
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
    return Flux.defer(
        () -> {
          Set<String> followed = ConcurrentHashMap.newKeySet();
          return streams
              .caughtUp()
              .thenMany(Flux.defer(this::keys))
              .filter(followed::add)
              .flatMap(key -> follow(key, followed), MOST, 1);
        });
  }

  /** Keys that may have changed: first all there are, then each that does. */
  private Flux<String> keys() {
    return Flux.merge(
        Flux.just(streams.changes(), Flux.fromIterable(streams.snapshot().keySet())), 2, 1);
  }

  /**
   * One stream's definitions, the present one captured, until there is none any more. A definition
   * that comes back just then may have been taken for one more change of this one: hence the second
   * look, once new ones are taken for new again.
   */
  private Flux<RecordPosition> follow(String key, Set<String> followed) {
    return definitions(key)
        .switchMap(definition -> capture(key, definition))
        .doOnTerminate(() -> followed.remove(key))
        .concatWith(
            Flux.defer(
                () ->
                    streams.snapshot().containsKey(key) && followed.add(key)
                        ? follow(key, followed)
                        : Flux.empty()));
  }

  private Flux<Optional<StreamDefinition>> definitions(String key) {
    Flux<String> changes = streams.changes().filter(key::equals);
    return Flux.merge(Flux.just(changes, Flux.just(key)), 2, 1)
        .map(_ -> Optional.ofNullable(streams.snapshot().get(key)))
        .distinctUntilChanged()
        .takeUntil(Optional::isEmpty);
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
                .filter(error -> !(error instanceof MediaRefusedException))
                .doBeforeRetry(signal -> retrying(new StreamId(key), signal)))
        .onErrorResume(
            MediaRefusedException.class,
            refused -> {
              LOG.warn("stream {} is not captured: {}", key, refused.getMessage());
              capture.show(
                  new StreamId(key),
                  new StreamState.Refused(refused.code(), String.valueOf(refused.getMessage())));
              return Flux.empty();
            });
  }

  /** One line each time: the waits in between keep them few. */
  private void retrying(StreamId stream, Retry.RetrySignal signal) {
    Throwable failure = signal.failure();
    LOG.warn("stream {}: its segments are not taken; it is captured anew", stream, failure);
    String reason =
        failure instanceof TopicClusterException
            ? String.valueOf(failure.getMessage())
            : "Segments of the stream could not be published; the service's log says why.";
    int attempt = (int) Math.min(Integer.MAX_VALUE, signal.totalRetriesInARow() + 1);
    capture.show(stream, new StreamState.Retrying("publish_failed", reason, attempt));
  }
}
