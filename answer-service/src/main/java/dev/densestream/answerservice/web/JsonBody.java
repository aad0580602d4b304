package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.format.FormatException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A request's JSON, whole, capped and not waited for for ever; parsed by the type it is of. */
public final class JsonBody {
  private JsonBody() {}

  /**
   * What a body is given.
   *
   * @param most bytes
   * @param idle longest time that nothing of it arrives
   */
  public record Limits(DataSize most, Duration idle) {
    public Limits {
      requireNonNull(most, "most is null");
      requireNonNull(idle, "idle is null");
    }
  }

  /**
   * Reads and parses a body. Errors with 415, 413, 408 or 400.
   *
   * @param parser complains with {@link IllegalArgumentException}, in words fit for a person
   */
  public static <T> Mono<T> read(
      ServerWebExchange exchange, Limits limits, Function<byte[], T> parser) {
    return bytes(exchange, limits)
        .map(
            bytes -> {
              try {
                return parser.apply(bytes);
              } catch (FormatException refused) {
                throw ProblemException.badRequest(
                    refused.code().name().toLowerCase(Locale.ROOT), refused.sentence());
              } catch (IllegalArgumentException refused) {
                String message = refused.getMessage();
                throw ProblemException.badRequest(
                    "invalid_request", message == null ? "The request is malformed." : message);
              }
            });
  }

  private static Mono<byte[]> bytes(ServerWebExchange exchange, Limits limits) {
    ServerHttpRequest request = exchange.getRequest();
    // Asked for by name: a page elsewhere can send text or a form unasked, but not this type.
    if (!MediaType.APPLICATION_JSON.isCompatibleWith(MediaTypes.ofBody(request))) {
      return Mono.error(
          new ProblemException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "unsupported_media_type",
              "Send JSON with Content-Type: application/json."));
    }
    if (request.getHeaders().getFirst("Content-Encoding") != null) {
      return Mono.error(
          new ProblemException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "unsupported_encoding",
              "Send the body as it is, without Content-Encoding."));
    }
    Flux<DataBuffer> body =
        ArrivingBody.unlessStalled(request.getBody(), limits.idle())
            // What is left of it is not read: the connection cannot be used again.
            .doOnError(
                ProblemException.class,
                _ -> exchange.getResponse().getHeaders().set("Connection", "close"));
    return DataBufferUtils.join(body, (int) limits.most().toBytes())
        .map(JsonBody::take)
        .switchIfEmpty(
            Mono.error(ProblemException.badRequest("invalid_request", "The request has no body.")));
  }

  private static byte[] take(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }
}
