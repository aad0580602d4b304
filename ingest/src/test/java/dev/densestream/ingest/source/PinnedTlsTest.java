package dev.densestream.ingest.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.FetchedMedia;
import dev.densestream.ingest.MediaRefusedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection goes to an address, yet the certificate must be the name's. */
final class PinnedTlsTest {
  private static final char[] PASSWORD = "test-only".toCharArray();
  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void acceptsACertificateOfTheName() throws Exception {
    HttpsServer server = serverWithCertificateOf("media.test");
    try (FetchedMedia media = fetch(server)) {
      assertThat(media.media().path()).hasContent("over tls");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesACertificateOfAnotherName() throws Exception {
    HttpsServer server = serverWithCertificateOf("other.test");
    try {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(MediaRefusedException.class)
          .hasMessageContaining("certificate is not accepted");
    } finally {
      server.stop(0);
    }
  }

  private FetchedMedia fetch(HttpsServer server) throws Exception {
    String host = "media.test:" + server.getAddress().getPort();
    FetchSettings settings =
        new FetchSettings(
            List.of(), Set.of(), Set.of(host), folder, FetchSettings.Limits.defaults());
    GuardedFetcher fetcher =
        new GuardedFetcher(
            settings,
            new SimpleMeterRegistry(),
            _ -> List.of(InetAddress.getLoopbackAddress()),
            context());
    return requireNonNull(fetcher.fetch("https://" + host + "/a").block(WAIT));
  }

  private HttpsServer serverWithCertificateOf(String name) throws Exception {
    makeKey(name);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context()));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = "over tls".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    return server;
  }

  private void makeKey(String name) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore().toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
  }

  /** Shows, and trusts, exactly the certificate just made. */
  private SSLContext context() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore())) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private Path keystore() {
    return folder.resolve("keys.p12");
  }
}
