package dev.densestream.ingest.source;

import dev.densestream.ingest.FetchSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends one GET to one checked address. Sends no cookies, no credentials, follows nothing, uses no
 * proxy: a proxy would look the name up again, by itself.
 */
final class HttpHop {
  private static final String ALLOWED_HEADERS = "jdk.httpclient.allowRestrictedHeaders";

  static {
    // The connection goes to an address, so the name must be sent by hand. The JDK reads this once,
    // when its client is first used: nothing else in this program uses it (a rule of the tests),
    // and
    // so no option of the JVM is needed, however it is started.
    String allowed = System.getProperty(ALLOWED_HEADERS);
    System.setProperty(ALLOWED_HEADERS, allowed == null ? "host" : allowed + ",host");
  }

  private final FetchSettings.Limits limits;
  private final SSLContext tls;

  HttpHop(FetchSettings.Limits limits, SSLContext tls) {
    this.limits = limits;
    this.tls = tls;
  }

  /** What came back: the head, and the body still to be read. */
  record Answer(int status, HttpHeaders headers, Flux<ByteBuffer> body) {}

  /** The connection lives until what {@code use} returns has ended. */
  <T> Mono<T> send(Route route, Function<Answer, Mono<T>> use) {
    return Mono.using(
        () -> client(route),
        client ->
            Mono.fromFuture(
                    () -> client.sendAsync(request(route), HttpResponse.BodyHandlers.ofPublisher()))
                .map(HttpHop::answer)
                .flatMap(use),
        HttpClient::shutdownNow);
  }

  private static Answer answer(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
    Flux<ByteBuffer> body =
        JdkFlowAdapter.flowPublisherToFlux(response.body()).concatMapIterable(list -> list, 1);
    return new Answer(response.statusCode(), response.headers(), body);
  }

  private HttpClient client(Route route) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(limits.connect())
            .sslContext(tls);
    if (route.isSecure() && isName(route.uri())) {
      // The certificate is checked against this name, not against the address.
      SSLParameters parameters = new SSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(route.uri().getHost())));
      builder.sslParameters(parameters);
    }
    return builder.build();
  }

  private HttpRequest request(Route route) {
    return HttpRequest.newBuilder(route.pinned())
        .timeout(limits.connect())
        .header("Host", route.hostHeader())
        .header("Accept", "video/*, application/octet-stream;q=0.9, */*;q=0.1")
        .header("Accept-Encoding", "identity")
        .header("User-Agent", "DenseStream")
        .GET()
        .build();
  }

  private static boolean isName(URI uri) {
    return !uri.getHost().startsWith("[") && !uri.getHost().matches("[0-9.]+");
  }
}
