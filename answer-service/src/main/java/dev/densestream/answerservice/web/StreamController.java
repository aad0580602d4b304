package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.StreamActivity;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/streams}: the cameras, which live on their compacted topic. */
@RestController
final class StreamController {
  private static final Duration LAG_WAIT = Duration.ofSeconds(5);

  private final TopicCluster cluster;
  private final TopicTable<StreamDefinition> streams;
  private final StreamActivity activity;
  private final StreamViews views;
  private final WebSettings settings;

  StreamController(
      TopicCluster cluster,
      TopicTable<StreamDefinition> streams,
      StreamActivity activity,
      StreamViews views,
      WebSettings settings) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.streams = requireNonNull(streams, "streams is null");
    this.activity = requireNonNull(activity, "activity is null");
    this.views = requireNonNull(views, "views is null");
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** All streams that are defined or have been seen, with the group's lag. */
  @GetMapping(path = "/api/streams", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<StreamViews.Listed> list() {
    return Mono.zip(current(), cluster.lag().timeout(LAG_WAIT).onErrorReturn(-1L))
        .map(
            both -> {
              TreeSet<StreamId> ids = new TreeSet<>(activity.streams());
              both.getT1().keySet().forEach(id -> ids.add(new StreamId(id)));
              return views.listed(ids, both.getT1(), both.getT2());
            });
  }

  /** Adds a stream. A known id is refused: two cameras under one name would mix their segments. */
  @PostMapping(path = "/api/streams", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<byte[]>> add(ServerWebExchange exchange) {
    return Mono.zip(
            JsonBody.read(exchange, settings.json(), StreamController::definition), current())
        .flatMap(
            both -> {
              StreamDefinition added = both.getT1();
              if (both.getT2().containsKey(added.id().value())) {
                return Mono.error(
                    new ProblemException(
                        HttpStatus.CONFLICT,
                        "duplicate_stream",
                        "There is a stream " + added.id() + " already; delete it first."));
              }
              byte[] value = added.toJson();
              return publish(added.id().value(), value)
                  .thenReturn(
                      ResponseEntity.created(URI.create("/api/streams/" + added.id()))
                          .contentType(MediaType.APPLICATION_JSON)
                          .body(value.clone()));
            });
  }

  /** What nobody could sample is refused at once; the topic takes any text. */
  private static StreamDefinition definition(byte[] json) {
    StreamDefinition definition = StreamDefinition.parse(json);
    SamplingPolicy.parse(definition.sampling());
    return definition;
  }

  /** Ends a stream; what was answered stays answered. */
  @DeleteMapping("/api/streams/{id}")
  Mono<ResponseEntity<Void>> delete(@PathVariable String id) {
    return current()
        .flatMap(
            table ->
                table.containsKey(id)
                    ? cluster.publish(TopicRecord.tombstone(cluster.topics().streams(), id))
                    : Mono.error(ProblemException.notFound("stream", id)))
        .doOnNext(_ -> views.forget(new StreamId(id)))
        .thenReturn(ResponseEntity.noContent().build());
  }

  /** The last frame the sampling policy took, where this process has seen one. */
  @GetMapping(path = "/api/streams/{id}/frame.jpg", produces = MediaType.IMAGE_JPEG_VALUE)
  Mono<ResponseEntity<byte[]>> frame(@PathVariable String id) {
    return views
        .picture(StreamViews.id(id))
        .map(
            jpeg ->
                ResponseEntity.ok()
                    .cacheControl(CacheControl.noStore())
                    .contentType(MediaType.IMAGE_JPEG)
                    .body(jpeg))
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("frame of stream", id)));
  }

  private Mono<Map<String, StreamDefinition>> current() {
    return streams.caughtUp().then(Mono.fromSupplier(streams::snapshot));
  }

  private Mono<Void> publish(String id, byte[] value) {
    return cluster
        .publish(
            new TopicRecord(
                cluster.topics().streams(), id, value, Map.of("content-type", "application/json")))
        .then();
  }
}
