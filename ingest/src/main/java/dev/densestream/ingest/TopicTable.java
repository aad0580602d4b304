package dev.densestream.ingest;

import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The present content of a compacted topic, followed live ({@code read_committed}).
 *
 * @param <V> what a value is parsed to; a record that does not parse is skipped, logged and counted
 */
public interface TopicTable<V> extends AutoCloseable {
  /** The latest value of one key. */
  Optional<V> find(String key);

  /** An immutable copy of key to latest value. */
  Map<String, V> snapshot();

  /**
   * Completes when everything is in the table that any transaction had appended before the call: it
   * reads past the high watermark of that moment, aborted records included in the distance but not
   * in the content.
   */
  Mono<Void> caughtUp();

  /**
   * Emits the key of each later change. A slow subscriber loses intermediate keys, never the last
   * state: re-read {@link #snapshot}.
   */
  Flux<String> changes();

  @Override
  void close();
}
