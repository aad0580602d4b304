package dev.densestream.ingest.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.densestream.ingest.Awaiting;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.FetchedMedia;
import dev.densestream.ingest.MediaRefusedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every host here is a name only this test's resolver knows: reaching it proves the pinning. */
final class GuardedFetcherTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, List<String>> names = new ConcurrentHashMap<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private final CountDownLatch testOver = new CountDownLatch(1);
  private ExecutorService threads;
  private HttpServer server;
  private int port;

  @BeforeEach
  void startServer() throws IOException {
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    port = server.getAddress().getPort();
    names.put("media.test", List.of("127.0.0.1"));
    names.put("inner.test", List.of("127.0.0.1"));
  }

  @AfterEach
  void stopServer() {
    testOver.countDown();
    server.stop(0);
    threads.close();
  }

  @Test
  void fetchesTheWholeBody_andDeletesItOnClose() throws IOException {
    serve("/a.mp4", 200, "the media", Map.of("Content-Type", "video/mp4"));
    FetchedMedia media = fetch("http://media.test:" + port + "/a.mp4?token=x");
    assertThat(media.media().path()).hasContent("the media").hasParentRaw(scratch());
    assertThat(media.media().sizeBytes()).isEqualTo(9);
    assertThat(media.contentType()).isEqualTo("video/mp4");
    media.close();
    assertScratchEmpty();
    assertThat(lookups).as("one lookup per hop: no second answer to rebind to").hasValue(1);
  }

  @Test
  void asksForTheNameAndSendsNoCredentials() throws IOException {
    Map<String, List<String>> seen = new ConcurrentHashMap<>();
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestHeaders().forEach(seen::put);
          respond(exchange, 200, "x");
        });
    fetch("http://media.test:" + port + "/").close();
    assertThat(seen.get("Host")).containsExactly("media.test:" + port);
    assertThat(seen).doesNotContainKeys("Authorization", "Cookie", "Referer");
  }

  @Test
  void followsRedirects_checkingEachHop() {
    redirect("/a", "b");
    redirect("/b", "http://inner.test:" + port + "/c");
    serve("/c", 200, "moved", Map.of());
    try (FetchedMedia media = fetch("http://media.test:" + port + "/a", "inner.test:" + port)) {
      assertThat(media.media().path()).hasContent("moved");
    }
    assertThat(lookups).hasValue(3);
  }

  @Test
  void refusesARedirect_toAHostOrAddressOrSchemeThatIsNotAllowed() {
    serve("/c", 200, "secret", Map.of());
    redirect("/host", "http://inner.test:" + port + "/c");
    redirect("/address", "http://127.0.0.1:" + port + "/c");
    redirect("/file", "file:///etc/passwd");
    redirect("/ftp", "ftp://media.test/a");
    for (String path : List.of("/host", "/address", "/file", "/ftp")) {
      assertRefused("http://media.test:" + port + path, "forbidden_location");
    }
    assertScratchEmpty();
  }

  @Test
  void refusesAHostAtAPrivateAddress_unlessItIsNamedAsPrivate() {
    serve("/c", 200, "inner", Map.of());
    String url = "http://inner.test:" + port + "/c";
    FetchSettings publicOnly = settings(Set.of("inner.test:" + port), Set.of(), limits(1000, 20));
    assertThatThrownBy(() -> fetcher(publicOnly).fetch(url).block(WAIT))
        .satisfies(refused("forbidden_location"))
        .hasMessageContaining("not at a public address");
    fetch(url, "inner.test:" + port).close();
  }

  @Test
  void refusesAHost_whenAnyOfItsAddressesIsPrivate() {
    names.put("both.test", List.of("93.184.215.14", "169.254.169.254"));
    FetchSettings all = settings(Set.of("*"), Set.of(), limits(1000, 20));
    assertThatThrownBy(() -> fetcher(all).fetch("http://both.test/").block(WAIT))
        .satisfies(refused("forbidden_location"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://localhost/",
        "http://2130706433/", "http://[::ffff:10.0.0.1]/", "http://0/"
      })
  void refusesInnerAddressesInEveryGuise_thoughAllHostsAreAllowed(String url) {
    FetchSettings all = settings(Set.of("*"), Set.of(), limits(1000, 20));
    GuardedFetcher fetcher = new GuardedFetcher(all, meters, Route.Resolver.system(), defaultTls());
    assertThatThrownBy(() -> fetcher.fetch(url).block(WAIT))
        .satisfies(refused("forbidden_location"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://media.test/a",
        "concat:/etc/passwd|/etc/hosts",
        "data:video/mp4;base64,AAAA",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "rtsp://media.test/",
        "gopher://media.test/",
        "jar:file:///a.jar!/b",
        "pipe:0",
        "a.mp4",
        "",
        "http:///a",
        "http://media.test:99999999/",
        "http://user:secret@media.test/a",
        "file://media.test/share/a",
        "file:relative",
        "/\u0000"
      })
  void refusesEveryOtherKindOfLocation(String location) {
    assertRefused(location, "forbidden_location");
  }

  @Test
  void allowsNothingByDefault() throws IOException {
    Path file = Files.writeString(folder.resolve("a.mp4"), "x");
    GuardedFetcher closed = fetcher(FetchSettings.closed(scratch()));
    for (String location : List.of(file.toString(), "https://example.org/a", "http://a.test/")) {
      assertThatThrownBy(() -> closed.fetch(location).block(WAIT))
          .satisfies(refused("forbidden_location"));
    }
    assertThat(lookups).as("a forbidden host is not even looked up").hasValue(0);
  }

  @Test
  void stopsReadingAnEndlessBody_atTheLimit() {
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write(new byte[1000]);
            }
          }
        });
    assertRefused("http://media.test:" + port + "/endless", "too_large");
    assertScratchEmpty();
  }

  @Test
  void refusesADeclaredSize_withoutReading() {
    server.createContext(
        "/large",
        exchange -> {
          exchange.sendResponseHeaders(200, 1L << 40);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush(); // the head goes out with the first bytes
          awaitEndOfTest();
        });
    assertRefused("http://media.test:" + port + "/large", "too_large");
    assertScratchEmpty();
  }

  @Test
  void givesUpOnASlowBody() {
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          awaitEndOfTest();
        });
    FetchSettings hasty =
        settings(
            Set.of(),
            Set.of("media.test:" + port),
            new FetchSettings.Limits(1000, Duration.ofSeconds(5), Duration.ofMillis(300), 3));
    assertThatThrownBy(
            () -> fetcher(hasty).fetch("http://media.test:" + port + "/slow").block(WAIT))
        .satisfies(refused("fetch_failed"))
        .hasMessageContaining("longer than");
    assertScratchEmpty();
  }

  @Test
  void givesUpOnASilentServer() {
    server.createContext("/silent", _ -> awaitEndOfTest());
    FetchSettings hasty =
        settings(
            Set.of(),
            Set.of("media.test:" + port),
            new FetchSettings.Limits(1000, Duration.ofMillis(300), Duration.ofSeconds(20), 3));
    assertThatThrownBy(
            () -> fetcher(hasty).fetch("http://media.test:" + port + "/silent").block(WAIT))
        .satisfies(refused("fetch_failed"))
        .hasMessageContaining("in time");
  }

  @Test
  void tellsMissingFromFailed() {
    serve("/gone", 410, "", Map.of());
    serve("/broken", 503, "", Map.of());
    serve("/packed", 200, "x", Map.of("Content-Encoding", "gzip"));
    redirect("/round", "/round");
    assertRefused("http://media.test:" + port + "/nothing", "not_found");
    assertRefused("http://media.test:" + port + "/gone", "not_found");
    assertRefused("http://media.test:" + port + "/broken", "fetch_failed");
    assertRefused("http://media.test:" + port + "/packed", "fetch_failed");
    assertRefused("http://media.test:" + port + "/round", "fetch_failed");
    names.remove("media.test");
    assertRefused("http://media.test:" + port + "/a", "fetch_failed");
    assertThat(meters.counter("densestream.fetch.outcomes", "outcome", "fetch_failed").count())
        .isEqualTo(4);
  }

  @Test
  void neverShowsWhatAQueryMayCarry() {
    serve("/broken", 503, "", Map.of());
    assertThatThrownBy(() -> fetch("http://media.test:" + port + "/broken?token=hush"))
        .hasMessageContaining("/broken")
        .hasMessageNotContaining("hush");
  }

  @Test
  void readsFilesOfAllowedFolders_inPlace() throws IOException {
    Path file = Files.writeString(Files.createDirectories(allowed()).resolve("a b.mp4"), "x");
    for (String location : List.of(file.toString(), file.toUri().toString())) {
      fetch(location).close();
      assertThat(file).as("not ours to delete").exists();
    }
    assertRefused(allowed().resolve("missing.mp4").toString(), "not_found");
    assertRefused(allowed().toString(), "not_found");
  }

  @Test
  void refusesFilesOutside_throughDotsAndLinksToo() throws IOException {
    Files.createDirectories(allowed());
    Path secret = Files.writeString(folder.resolve("secret"), "x");
    Files.createSymbolicLink(allowed().resolve("link.mp4"), secret);
    Path neighbour = Files.createDirectories(folder.resolve("allowed-not"));
    Files.writeString(neighbour.resolve("a.mp4"), "x");
    for (String location :
        List.of(
            secret.toString(),
            allowed() + "/../secret",
            allowed().resolve("link.mp4").toString(),
            neighbour.resolve("a.mp4").toString(),
            "file://" + allowed() + "/%2e%2e/secret",
            "/etc/passwd")) {
      assertRefused(location, "forbidden_location");
    }
  }

  @Test
  void takesNoWildcardForPrivateHosts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Set.of(), Set.of("*"), limits(1, 1)));
  }

  private void serve(String path, int status, String body, Map<String, String> headers) {
    server.createContext(
        path,
        exchange -> {
          headers.forEach(exchange.getResponseHeaders()::set);
          respond(exchange, status, body);
        });
  }

  private void redirect(String path, String target) {
    serve(path, 302, "", Map.of("Location", target));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
      if (!body.isEmpty()) {
        exchange.getResponseBody().write(body.getBytes(UTF_8));
      }
    }
  }

  private void awaitEndOfTest() {
    try {
      assertThat(testOver.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private FetchedMedia fetch(String location, String... alsoPrivate) {
    Set<String> privateHosts = new HashSet<>(Set.of(alsoPrivate));
    privateHosts.add("media.test:" + port);
    FetchSettings settings = settings(Set.of(), privateHosts, limits(1000, 20));
    return requireNonNull(fetcher(settings).fetch(location).block(WAIT));
  }

  private void assertRefused(String location, String code) {
    assertThatThrownBy(() -> fetch(location)).as(location).satisfies(refused(code));
  }

  private GuardedFetcher fetcher(FetchSettings settings) {
    return new GuardedFetcher(settings, meters, this::lookUp, defaultTls());
  }

  private List<InetAddress> lookUp(String host) throws UnknownHostException {
    lookups.incrementAndGet();
    List<String> addresses = names.get(host);
    if (addresses == null) {
      throw new UnknownHostException(host);
    }
    List<InetAddress> resolved = new ArrayList<>();
    for (String address : addresses) {
      resolved.add(InetAddress.getByName(address));
    }
    return resolved;
  }

  private FetchSettings settings(
      Set<String> hosts, Set<String> privateHosts, FetchSettings.Limits limits) {
    return new FetchSettings(List.of(allowed()), hosts, privateHosts, scratch(), limits);
  }

  private static FetchSettings.Limits limits(long maxBytes, int seconds) {
    return new FetchSettings.Limits(
        maxBytes, Duration.ofSeconds(seconds), Duration.ofSeconds(seconds), 3);
  }

  private Path allowed() {
    return folder.resolve("allowed");
  }

  private Path scratch() {
    return folder.resolve("scratch");
  }

  private void assertScratchEmpty() {
    Awaiting.until(
        () -> {
          String[] left = scratch().toFile().list();
          return left == null || left.length == 0;
        });
  }

  private static Consumer<Throwable> refused(String code) {
    return error ->
        assertThat(error)
            .isInstanceOfSatisfying(
                MediaRefusedException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static SSLContext defaultTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
