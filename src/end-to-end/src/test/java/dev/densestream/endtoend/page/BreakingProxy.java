package dev.densestream.endtoend.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a service as an ingress does, and refuses or breaks off what a test tells it to.
 * Passes on what is read, and nothing that changes something.
 */
final class BreakingProxy implements AutoCloseable {
  private final String target;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String cutBefore;

  private BreakingProxy(String target, HttpServer server) {
    this.target = target;
    this.server = server;
  }

  /**
   * @param target address of the service, ending in a slash
   */
  static BreakingProxy before(String target) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    BreakingProxy proxy = new BreakingProxy(target.substring(0, target.length() - 1), server);
    server.setExecutor(proxy.threads);
    server.createContext("/", proxy::serve);
    server.start();
    return proxy;
  }

  String page() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** From now on paths that begin so are answered with {@code status}, and those under way end. */
  void refuse(String path, int status) {
    refused.put(path, status);
    for (HttpExchange exchange : open) {
      if (exchange.getRequestURI().getPath().startsWith(path)) {
        exchange.close();
      }
    }
  }

  void allow(String path) {
    refused.remove(path);
  }

  /** From now on event streams are broken off before the first line that is this one. */
  void cutBefore(String line) {
    cutBefore = line;
  }

  /** How often a path was asked for. */
  int requests(String path) {
    return count(path).get();
  }

  private AtomicInteger count(String path) {
    return requests.computeIfAbsent(path, _ -> new AtomicInteger());
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    open.add(exchange);
    try (exchange) {
      @Nullable Integer status = refusal(path);
      if (status != null) {
        exchange.sendResponseHeaders(status, -1);
      } else {
        forward(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(exchange);
      count(path).incrementAndGet();
    }
  }

  private @Nullable Integer refusal(String path) {
    return refused.entrySet().stream()
        .filter(one -> path.startsWith(one.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private void forward(HttpExchange exchange) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()));
    @Nullable String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    if (last != null) {
      request.header("Last-Event-ID", last);
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    String type = response.headers().firstValue("Content-Type").orElse("text/plain");
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(response.statusCode(), 0);
    try (var body = response.body();
        OutputStream out = exchange.getResponseBody()) {
      if (type.startsWith("text/event-stream")) {
        copyLines(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)), out);
      } else {
        body.transferTo(out);
      }
    }
  }

  private void copyLines(BufferedReader lines, OutputStream out) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(cutBefore)) {
        return;
      }
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
