package dev.densestream.answerservice.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * The door: deny by default. With keys configured, everything but the health asks for one; without,
 * only this machine is served, under its own names, so that no web page elsewhere can reach in by
 * rebinding a name.
 *
 * <p>A browser sends its key as the password of HTTP Basic, because it cannot put headers on
 * pictures, videos and event streams. Since it then does so for any page that asks, requests that
 * change something must come from our own page.
 */
final class AccessFilter implements WebFilter {
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final List<byte[]> hashes;
  private final boolean local;

  /**
   * @param local true when the service listens on this machine's loopback address only
   */
  AccessFilter(AccessSettings settings, boolean local) {
    this.hashes = settings.apiKeys().values().stream().map(HexFormat.of()::parseHex).toList();
    this.local = local;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    String path = request.getPath().value();
    if (path.equals("/actuator/health") || path.startsWith("/actuator/health/")) {
      return chain.filter(exchange);
    }
    if (!hashes.isEmpty() && key(request.getHeaders()).filter(this::known).isEmpty()) {
      exchange.getResponse().getHeaders().set("WWW-Authenticate", "Basic realm=\"DenseStream\"");
      return Mono.error(
          new ProblemException(
              HttpStatus.UNAUTHORIZED,
              "unauthorized",
              "Send an API key as Authorization: Bearer <key> or X-API-Key: <key>."));
    }
    if (hashes.isEmpty() && local && !namesThisMachine(request.getHeaders())) {
      return Mono.error(
          new ProblemException(
              HttpStatus.FORBIDDEN, "foreign_host", "Call this service as localhost."));
    }
    if (!READING.contains(request.getMethod()) && foreign(request.getHeaders())) {
      return Mono.error(
          new ProblemException(
              HttpStatus.FORBIDDEN, "cross_origin", "Pages of other origins may not call this."));
    }
    return chain.filter(exchange);
  }

  private static Optional<String> key(HttpHeaders headers) {
    String plain = headers.getFirst("X-API-Key");
    if (plain != null) {
      return Optional.of(plain);
    }
    String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
    if (authorization == null) {
      return Optional.empty();
    }
    if (authorization.startsWith("Bearer ")) {
      return Optional.of(authorization.substring("Bearer ".length()));
    }
    return authorization.startsWith("Basic ")
        ? password(authorization.substring("Basic ".length()))
        : Optional.empty();
  }

  private static Optional<String> password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private boolean known(String key) {
    byte[] hash = sha256(key);
    boolean known = false;
    for (byte[] one : hashes) {
      known |= MessageDigest.isEqual(one, hash);
    }
    return known;
  }

  private static boolean namesThisMachine(HttpHeaders headers) {
    String host = headers.getFirst(HttpHeaders.HOST);
    return host != null && LOOPBACK.contains(host.replaceFirst(":\\d{1,5}$", ""));
  }

  private static boolean foreign(HttpHeaders headers) {
    String origin = headers.getFirst(HttpHeaders.ORIGIN);
    if (origin == null) {
      return "cross-site".equals(headers.getFirst("Sec-Fetch-Site"));
    }
    String host = headers.getFirst(HttpHeaders.HOST);
    return host == null || !origin.endsWith("://" + host);
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
