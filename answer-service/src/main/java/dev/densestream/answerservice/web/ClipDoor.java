package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.job.ClipStatus;
import dev.densestream.ingest.ClipUpload;
import dev.densestream.ingest.MediaFetcher;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tells the ways apart in which a clip is sent. */
final class ClipDoor {
  private static final long READ_AWAY_BYTES = 16L << 20;
  private static final Duration READ_AWAY_TIME = Duration.ofSeconds(2);

  private final ClipIntake intake;
  private final MediaFetcher fetcher;
  private final JsonMapper json;
  private final WebSettings settings;

  ClipDoor(ClipIntake intake, MediaFetcher fetcher, JsonMapper json, WebSettings settings) {
    this.intake = requireNonNull(intake, "intake is null");
    this.fetcher = requireNonNull(fetcher, "fetcher is null");
    this.json = requireNonNull(json, "json is null");
    this.settings = requireNonNull(settings, "settings is null");
  }

  Mono<ClipStatus> take(ServerWebExchange exchange) {
    MediaType type = MediaTypes.ofBody(exchange.getRequest());
    return MediaType.APPLICATION_JSON.isCompatibleWith(type) && type != null && type.isConcrete()
        ? reference(exchange)
        : upload(exchange);
  }

  private Mono<ClipStatus> upload(ServerWebExchange exchange) {
    ClipWish wish = new ClipWish();
    ClipWish.FIELDS.forEach(
        field -> wish.put(field, exchange.getRequest().getQueryParams().getFirst(field)));
    ClipBody body = new ClipBody(exchange.getRequest(), settings.bodyIdle());
    return intake
        .take(
            body.content(wish),
            new ClipUpload(null, body.contentType(), body.declaredBytes()),
            wish)
        // What is left of the body is not read: the connection cannot be used again.
        .doOnError(_ -> exchange.getResponse().getHeaders().set("Connection", "close"))
        .onErrorResume(error -> readAway(exchange).then(Mono.error(error)));
  }

  /**
   * Some of a refused body: closing a connection with bytes unread resets it, and a client that is
   * still sending may then never see the refusal. Nothing is read of who waits to be asked for it,
   * and nothing where the body was being read already.
   */
  private static Mono<Void> readAway(ServerWebExchange exchange) {
    if (exchange.getRequest().getHeaders().containsHeader("Expect")) {
      return Mono.empty();
    }
    return exchange
        .getRequest()
        .getBody()
        .map(
            buffer -> {
              long bytes = buffer.readableByteCount();
              DataBufferUtils.release(buffer);
              return bytes;
            })
        .scan(0L, Long::sum)
        .takeWhile(read -> read < READ_AWAY_BYTES)
        .take(READ_AWAY_TIME)
        .onErrorComplete()
        .then();
  }

  /** A clip somewhere else: fetched first, under the fetcher's rules, then taken like any other. */
  private Mono<ClipStatus> reference(ServerWebExchange exchange) {
    return JsonBody.read(exchange, settings.json(), this::order)
        .flatMap(order -> intake.take(Mono.defer(() -> fetcher.fetch(order.url())), order.wish()));
  }

  private record Order(String url, ClipWish wish) {}

  private Order order(byte[] body) {
    JsonNode root;
    try {
      root = json.readTree(body);
    } catch (JacksonException notJson) {
      throw new IllegalArgumentException("the clip must be one JSON object");
    }
    if (!root.path("url").isString()) {
      throw new IllegalArgumentException("url must say where the clip is");
    }
    ClipWish wish = new ClipWish();
    for (String field : ClipWish.FIELDS) {
      JsonNode value = root.path(field);
      wish.put(field, value.isValueNode() && !value.isNull() ? value.asString() : null);
    }
    return new Order(root.path("url").stringValue(), wish);
  }
}
