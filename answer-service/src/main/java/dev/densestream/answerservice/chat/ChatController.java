package dev.densestream.answerservice.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.web.JsonBody;
import dev.densestream.answerservice.web.ProblemException;
import dev.densestream.answerservice.web.WebSettings;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** {@code /v1}: what OpenAI clients expect. */
@RestController
@ForRole(Role.ANSWER)
final class ChatController {
  private final AnswerModel model;
  private final ChatPipeline pipeline;
  private final JsonMapper json;
  private final WebSettings settings;
  private final Clock clock;
  private final Semaphore places;

  ChatController(
      AnswerModel model,
      ChatPipeline pipeline,
      JsonMapper json,
      WebSettings settings,
      Clock clock) {
    this.model = requireNonNull(model, "model is null");
    this.pipeline = requireNonNull(pipeline, "pipeline is null");
    this.json = requireNonNull(json, "json is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
    places = new Semaphore(settings.maxChats());
  }

  /** The one model there is, with what people must be told about it. */
  @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
  Models models() {
    return new Models(
        "list", List.of(new Model(model.name(), "model", 0, "densestream", model.notice())));
  }

  /** OpenAI's list. */
  record Models(String object, List<Model> data) {}

  /** One of them; {@code notice} is ours. */
  record Model(
      String id,
      String object,
      long created,
      @JsonProperty("owned_by") String ownedBy,
      String notice) {}

  /**
   * Answers the last message, whole or token by token. Hanging up ends the work. Where there is no
   * place, nothing is read or decoded.
   */
  @PostMapping("/v1/chat/completions")
  Mono<Void> complete(ServerWebExchange exchange) {
    return Mono.using(this::place, _ -> answered(exchange), Semaphore::release);
  }

  private Semaphore place() {
    if (!places.tryAcquire()) {
      throw ChatPipeline.busy("Too many chat requests are under way; ask again in a moment.");
    }
    return places;
  }

  private Mono<Void> answered(ServerWebExchange exchange) {
    ChatJson parser = new ChatJson(json);
    return JsonBody.read(exchange, settings.chat(), parser::parse)
        .flatMap(
            request -> {
              if (!request.model().isEmpty() && !request.model().equals(model.name())) {
                return Mono.error(
                    new ProblemException(
                        HttpStatus.NOT_FOUND,
                        "model_not_found",
                        "There is no model of that name; see /v1/models."));
              }
              Flux<AnswerEvent> events =
                  pipeline.answer(request).switchOnFirst((first, all) -> refused(first.get(), all));
              return request.delivery().stream()
                  ? stream(exchange.getResponse(), events, request.delivery())
                  : whole(exchange.getResponse(), events, request.delivery());
            });
  }

  /** What is refused before the first token is an HTTP error. */
  private static Flux<AnswerEvent> refused(@Nullable AnswerEvent first, Flux<AnswerEvent> all) {
    return switch (first) {
      case AnswerEvent.Rejected(String detail) -> Flux.error(ChatPipeline.busy(detail));
      case AnswerEvent.Failed(String code, String detail) ->
          Flux.error(new ProblemException(status(code), code, detail));
      case null -> all;
      case AnswerEvent.Begun _, AnswerEvent.Token _, AnswerEvent.Finished _ -> all;
    };
  }

  private static HttpStatus status(String code) {
    return code.equals("context_too_long")
        ? HttpStatus.BAD_REQUEST
        : HttpStatus.INTERNAL_SERVER_ERROR;
  }

  private Mono<Void> whole(
      ServerHttpResponse response, Flux<AnswerEvent> events, ChatRequest.Delivery delivery) {
    return events
        .last()
        .flatMap(
            last ->
                switch (last) {
                  case AnswerEvent.Finished answer -> {
                    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
                    byte[] body = chunks(delivery).whole(answer).getBytes(UTF_8);
                    yield response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
                  }
                  case AnswerEvent.Failed(String code, String detail) ->
                      Mono.error(new ProblemException(status(code), code, detail));
                  case AnswerEvent.Begun _, AnswerEvent.Rejected _, AnswerEvent.Token _ ->
                      Mono.error(new IllegalStateException("an answer without an end"));
                });
  }

  private Mono<Void> stream(
      ServerHttpResponse response, Flux<AnswerEvent> events, ChatRequest.Delivery delivery) {
    response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
    response.getHeaders().setCacheControl("no-cache");
    ChatChunks chunks = chunks(delivery);
    Flux<String> lines = events.concatMapIterable(chunks::of, 1).concatWithValues("[DONE]");
    return response.writeAndFlushWith(
        lines.map(
            line ->
                Mono.just(
                    response.bufferFactory().wrap(("data: " + line + "\n\n").getBytes(UTF_8)))));
  }

  private ChatChunks chunks(ChatRequest.Delivery delivery) {
    String id = "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
    return new ChatChunks(
        json, new ChatChunks.Head(id, clock.instant().getEpochSecond(), model.name()), delivery);
  }
}
