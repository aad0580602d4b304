package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/answers}: answers as they become visible on the topic. */
@RestController
final class AnswerController {
  private final TopicCluster cluster;
  private final AnswerReader reader;
  private final JsonMapper json;

  AnswerController(TopicCluster cluster, AnswerReader reader, JsonMapper json) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.reader = requireNonNull(reader, "reader is null");
    this.json = requireNonNull(json, "json is null");
  }

  @GetMapping(path = "/api/answers", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<String>> answers(
      @RequestParam(required = false) @Nullable String stream,
      @RequestParam(required = false) @Nullable String clip,
      @RequestParam(required = false) @Nullable String question,
      @RequestParam(defaultValue = "latest") String from,
      @RequestParam(required = false) @Nullable String lastEventId,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header) {
    Predicate<StoredRecord> wanted = record -> matches(record, stream, clip, question);
    // A browser that resumes by itself keeps the address it began with: its header is the later
    // one.
    return start(from, header == null ? lastEventId : header)
        .flatMapMany(cursor -> reader.read(cursor, wanted));
  }

  private Mono<AnswerCursor> start(String from, @Nullable String lastEventId) {
    String topic = cluster.topics().answers();
    if (lastEventId != null) {
      return Mono.fromCallable(() -> AnswerCursor.parse(topic, lastEventId));
    }
    return switch (from) {
      case "earliest" -> Mono.just(AnswerCursor.atBeginning(topic));
      // Pinned now, so that resuming misses nothing on a partition that was silent until then.
      case "latest" -> cluster.ends(topic).map(ends -> AnswerCursor.atEnds(topic, ends));
      default ->
          Mono.error(
              ProblemException.badRequest("invalid_request", "from must be earliest or latest."));
    };
  }

  /** By the event's own words: anybody may write to the topic, and the key is only a key. */
  private boolean matches(
      StoredRecord record,
      @Nullable String stream,
      @Nullable String clip,
      @Nullable String question) {
    JsonNode event;
    try {
      event = json.readTree(requireNonNull(record.value(), "value is null"));
    } catch (JacksonException notJson) {
      return false;
    }
    String source = event.path("source").asString("");
    return event.isObject()
        && (stream == null || source.equals("/streams/" + stream))
        && (clip == null || source.equals("/clips/" + clip))
        && (question == null || event.path("subject").asString("").equals(question));
  }
}
