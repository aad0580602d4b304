package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.TopicClusterException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes every error of every route: RFC 9457 with a stable {@code code}; on {@code /v1} in the
 * shape OpenAI clients parse. Text of libraries goes to the debug log only.
 */
final class ProblemWriter implements WebExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemWriter.class);
  private static final Duration UNTIL_SOME_ARE_DONE = Duration.ofSeconds(60);
  private static final MediaType PROBLEM = MediaType.APPLICATION_PROBLEM_JSON;

  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = requireNonNull(json, "json is null");
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    ServerHttpResponse response = exchange.getResponse();
    if (error instanceof AbortedException) {
      return Mono.empty(); // the client has hung up: nobody is there to be told
    }
    if (response.isCommitted()) {
      LOG.debug("{} ended early", exchange.getRequest().getPath(), error);
      return Mono.error(error);
    }
    ProblemException problem = problem(exchange, error);
    boolean openAi = exchange.getRequest().getPath().value().startsWith("/v1/");
    response.setStatusCode(problem.status());
    response.getHeaders().setContentType(openAi ? MediaType.APPLICATION_JSON : PROBLEM);
    problem
        .retryAfter()
        .map(Duration::toSeconds)
        .ifPresent(seconds -> response.getHeaders().set("Retry-After", Long.toString(seconds)));
    byte[] body = json.writeValueAsBytes(openAi ? openAi(problem) : document(problem));
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  private static ProblemException problem(ServerWebExchange exchange, Throwable error) {
    return switch (error) {
      case ProblemException problem -> problem;
      case MediaRefusedException refused -> refused(refused);
      case DataBufferLimitException _ ->
          new ProblemException(
              HttpStatus.CONTENT_TOO_LARGE, "body_too_large", "The request body is too large.");
      case TopicClusterException down -> down(exchange, down);
      case ResponseStatusException known -> known(exchange, known);
      default -> {
        LOG.error(
            "{} {} failed",
            exchange.getRequest().getMethod(),
            exchange.getRequest().getPath(),
            error);
        yield new ProblemException(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal",
            "The request failed inside the service; the log says why.");
      }
    };
  }

  private static ProblemException down(ServerWebExchange exchange, TopicClusterException error) {
    LOG.warn("{} needs Kafka", exchange.getRequest().getPath(), error);
    return ProblemException.unavailable(
        "kafka_unavailable", "Kafka does not answer at the moment.", Duration.ofSeconds(5));
  }

  /** What is wrong with the container or codec is 415, what is wrong with the content is 422. */
  static ProblemException refused(MediaRefusedException refused) {
    HttpStatus status =
        switch (refused.code()) {
          case "not_a_video", "not_a_picture", "unsupported_container", "unsupported_codec" ->
              HttpStatus.UNSUPPORTED_MEDIA_TYPE;
          case "too_large" -> HttpStatus.CONTENT_TOO_LARGE;
          case "no_space" -> HttpStatus.INSUFFICIENT_STORAGE;
          case "forbidden_location" -> HttpStatus.FORBIDDEN;
          case "fetch_failed" -> HttpStatus.BAD_GATEWAY;
          default -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    String detail = refused.getMessage() == null ? refused.code() : refused.getMessage();
    return status == HttpStatus.INSUFFICIENT_STORAGE
        ? ProblemException.full(refused.code(), detail, UNTIL_SOME_ARE_DONE)
        : new ProblemException(status, refused.code(), detail);
  }

  private static ProblemException known(ServerWebExchange exchange, ResponseStatusException error) {
    HttpStatus status =
        requireNonNull(HttpStatus.resolve(error.getStatusCode().value()), "unknown status");
    LOG.debug("{}", exchange.getRequest().getPath(), error);
    String detail =
        switch (status) {
          case NOT_FOUND -> "There is nothing at " + exchange.getRequest().getPath() + ".";
          case METHOD_NOT_ALLOWED ->
              exchange.getRequest().getMethod() + " is not possible here; see /openapi.json.";
          case NOT_ACCEPTABLE -> "None of the accepted media types is available here.";
          case UNSUPPORTED_MEDIA_TYPE -> "The content type is not supported here.";
          default -> "The request is malformed; see /openapi.json.";
        };
    return new ProblemException(status, status.name().toLowerCase(Locale.ROOT), detail);
  }

  private static Map<String, Object> document(ProblemException problem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "urn:densestream:problem:" + problem.code());
    document.put("title", problem.status().getReasonPhrase());
    document.put("status", problem.status().value());
    document.put("detail", problem.detail());
    document.put("code", problem.code());
    return document;
  }

  private static Map<String, Object> openAi(ProblemException problem) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", problem.detail());
    error.put(
        "type", problem.status().is5xxServerError() ? "server_error" : "invalid_request_error");
    error.put("param", null);
    error.put("code", problem.code());
    return Map.of("error", error);
  }
}
