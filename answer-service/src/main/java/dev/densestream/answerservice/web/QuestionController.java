package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import java.net.URI;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/questions}: the standing questions, which live on their compacted topic. */
@RestController
final class QuestionController {
  private final TopicCluster cluster;
  private final TopicTable<Question> questions;
  private final JsonMapper json;
  private final WebSettings settings;
  private final Clock clock;
  private final ObjectProvider<AnswerModel> model;

  QuestionController(
      TopicCluster cluster,
      TopicTable<Question> questions,
      JsonMapper json,
      WebSettings settings,
      Clock clock,
      ObjectProvider<AnswerModel> model) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.questions = requireNonNull(questions, "questions is null");
    this.json = requireNonNull(json, "json is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.model = requireNonNull(model, "model is null");
  }

  @GetMapping(path = "/api/questions", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<Listed> list() {
    return current().map(table -> new Listed(sorted(table)));
  }

  /** Standing questions by id. */
  record Listed(List<JsonNode> questions) {}

  /**
   * Puts a question, or changes it: the same id again is its next version. 201 for a new one, 200
   * for a changed one, 409 where a stream would be asked too many.
   */
  @PostMapping(path = "/api/questions", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<byte[]>> put(ServerWebExchange exchange) {
    return Mono.zip(JsonBody.read(exchange, settings.json(), this::draft), current())
        .flatMap(
            both -> {
              QuestionLimit.require(both.getT1(), both.getT2().values());
              Question question = versioned(both.getT1(), both.getT2());
              boolean known = both.getT2().containsKey(question.id());
              byte[] value = question.toJson();
              ResponseEntity.BodyBuilder response =
                  known
                      ? ResponseEntity.ok()
                      : ResponseEntity.created(URI.create("/api/questions/" + question.id()));
              return publish(question.id(), value)
                  .thenReturn(response.contentType(MediaType.APPLICATION_JSON).body(value.clone()));
            });
  }

  /** Withdraws a question. */
  @DeleteMapping("/api/questions/{id}")
  Mono<ResponseEntity<Void>> delete(@PathVariable String id) {
    return current()
        .flatMap(
            table ->
                table.containsKey(id)
                    ? cluster.publish(TopicRecord.tombstone(topic(), id))
                    : Mono.error(ProblemException.notFound("question", id)))
        .thenReturn(ResponseEntity.noContent().build());
  }

  private Mono<Map<String, Question>> current() {
    return questions.caughtUp().then(Mono.fromSupplier(questions::snapshot));
  }

  private Mono<Void> publish(String id, byte[] value) {
    return cluster
        .publish(new TopicRecord(topic(), id, value, Map.of("content-type", "application/json")))
        .then();
  }

  private String topic() {
    return cluster.topics().questions();
  }

  /** The question as sent; who sends no id gets one. */
  private Question draft(byte[] body) {
    JsonNode node;
    try {
      node = json.readTree(body);
    } catch (JacksonException notJson) {
      throw new IllegalArgumentException("the question must be one JSON object");
    }
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("the question must be one JSON object");
    }
    object.remove("version");
    if (!object.has("id")) {
      object.put("id", "q-" + UUID.randomUUID().toString().substring(0, 8));
    }
    Question question = Question.parse(json.writeValueAsBytes(object));
    model.ifAvailable(known -> requireVisible(question, known));
    return question;
  }

  /** Where the model runs in this process too, what it could never see is refused at once. */
  private static void requireVisible(Question question, AnswerModel model) {
    VisualBudget.of(Question.VISUAL_TOKENS, question.maxVisualTokens(), model)
        .framesInARow(model.framesPerWindow());
  }

  /**
   * A version nobody has used before, although a withdrawn question leaves nothing behind to count
   * on from: the clock is ahead of all earlier ones.
   */
  private Question versioned(Question draft, Map<String, Question> table) {
    Question before = table.get(draft.id());
    long version = Math.max(before == null ? 1 : before.version() + 1, clock.millis());
    return new Question(
        draft.id(),
        version,
        draft.stream(),
        draft.text(),
        draft.window(),
        draft.maxTokens(),
        draft.maxVisualTokens(),
        draft.answerFormat());
  }

  private List<JsonNode> sorted(Map<String, Question> table) {
    return table.values().stream()
        .sorted(Comparator.comparing(Question::id))
        .map(question -> json.readTree(question.toJson()))
        .toList();
  }
}
