package dev.densestream.answerservice.live;

import dev.densestream.ingest.TopicTable;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A table that is what it is told. */
final class FixedTable<V> implements TopicTable<V> {
  Map<String, V> content = Map.of();
  boolean broken;

  @Override
  public Optional<V> find(String key) {
    return Optional.ofNullable(snapshot().get(key));
  }

  @Override
  public Map<String, V> snapshot() {
    if (broken) {
      throw new IllegalStateException("broken");
    }
    return content;
  }

  @Override
  public Mono<Void> caughtUp() {
    return Mono.empty();
  }

  @Override
  public Flux<String> changes() {
    return Flux.never();
  }

  @Override
  public void close() {}
}
