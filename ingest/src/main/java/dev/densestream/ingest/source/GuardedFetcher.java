package dev.densestream.ingest.source;

import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.FetchedMedia;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.clip.SpoolFile;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The only code that opens a location somebody else named. Redirects are followed by hand, so that
 * each hop passes the same checks as the first.
 */
public final class GuardedFetcher implements MediaFetcher {
  private static final Logger log = LoggerFactory.getLogger(GuardedFetcher.class);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final FetchSettings settings;
  private final MeterRegistry meters;
  private final AllowedFolders folders;
  private final HostAllowlist allowlist;
  private final Route.Resolver resolver;
  private final HttpHop http;

  GuardedFetcher(
      FetchSettings settings, MeterRegistry meters, Route.Resolver resolver, SSLContext tls) {
    this.settings = settings;
    this.meters = meters;
    this.folders = new AllowedFolders(settings.folders());
    this.allowlist = new HostAllowlist(settings);
    this.resolver = resolver;
    this.http = new HttpHop(settings.limits(), tls);
  }

  /** See {@link MediaFetcher#open}. */
  public static GuardedFetcher open(FetchSettings settings, MeterRegistry meters) {
    try {
      return new GuardedFetcher(settings, meters, Route.Resolver.system(), SSLContext.getDefault());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform has no usable TLS", e);
    }
  }

  @Override
  public Mono<FetchedMedia> fetch(String location) {
    return Mono.defer(() -> fetch(Location.parse(location)))
        .onErrorMap(error -> refusal(error, location))
        .doOnNext(media -> count("fetched"))
        .doOnError(error -> count(((MediaRefusedException) error).code()));
  }

  private Mono<FetchedMedia> fetch(Location location) {
    return switch (location) {
      case Location.LocalFile(Path path) ->
          Mono.fromCallable(() -> folders.open(path)).subscribeOn(Schedulers.boundedElastic());
      case Location.Remote(URI uri) ->
          download(uri, settings.limits().maxRedirects())
              .timeout(
                  settings.limits().whole(),
                  Mono.error(
                      () ->
                          failed(
                              uri,
                              "it took longer than the %d s allowed"
                                  .formatted(settings.limits().whole().toSeconds()))));
    };
  }

  private Mono<FetchedMedia> download(URI uri, int redirectsLeft) {
    return Mono.fromCallable(() -> Route.check(uri, allowlist, resolver))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(route -> http.send(route, answer -> take(route.uri(), answer)))
        .flatMap(
            outcome ->
                switch (outcome) {
                  case Outcome.Arrived(FetchedMedia media) -> Mono.just(media);
                  case Outcome.Moved(URI to) when redirectsLeft > 0 ->
                      download(to, redirectsLeft - 1);
                  case Outcome.Moved _ ->
                      Mono.error(failed(uri, "it was redirected too many times"));
                });
  }

  private Mono<Outcome> take(URI uri, HttpHop.Answer answer) {
    if (REDIRECTS.contains(answer.status())) {
      return Mono.just(new Outcome.Moved(redirect(uri, answer)));
    }
    if (answer.status() == 404 || answer.status() == 410) {
      return Mono.error(
          new MediaRefusedException(
              "not_found", "There is nothing at " + Location.shown(uri.toString()) + "."));
    }
    if (answer.status() != 200) {
      return Mono.error(failed(uri, "its server answered with status " + answer.status()));
    }
    String encoding = answer.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.toLowerCase(Locale.ROOT).equals("identity")) {
      return Mono.error(failed(uri, "its server compressed it although asked not to"));
    }
    requireSize(uri, answer.headers().firstValueAsLong("Content-Length").orElse(0));
    return SpoolFile.write(
        answer.body(),
        settings.scratch(),
        size -> requireSize(uri, size),
        written -> new Outcome.Arrived(media(written, answer)));
  }

  private URI redirect(URI from, HttpHop.Answer answer) {
    String target =
        answer
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> failed(from, "it was redirected to nowhere"));
    String absolute;
    try {
      absolute = from.resolve(target).toString();
    } catch (IllegalArgumentException _) {
      throw failed(from, "it was redirected to something that is not a URL");
    }
    if (!(Location.parse(absolute) instanceof Location.Remote(URI to))) {
      throw Location.forbidden(absolute, "a redirect must lead to another http(s) location");
    }
    if ("https".equalsIgnoreCase(from.getScheme()) && "http".equalsIgnoreCase(to.getScheme())) {
      throw Location.forbidden(absolute, "a redirect must not leave https");
    }
    return to;
  }

  private void requireSize(URI uri, long bytes) {
    if (bytes > settings.limits().maxBytes()) {
      throw new MediaRefusedException(
          "too_large",
          "%s is larger than the %d bytes accepted here."
              .formatted(Location.shown(uri.toString()), settings.limits().maxBytes()));
    }
  }

  private static FetchedMedia media(SpoolFile.Written written, HttpHop.Answer answer) {
    String contentType =
        answer
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.matches("[A-Za-z0-9.+/;=\" _-]{1,100}"))
            .orElse("application/octet-stream");
    return new FetchedMedia(new Media.File(written.path(), written.sizeBytes()), contentType, true);
  }

  private static MediaRefusedException refusal(Throwable error, String location) {
    return switch (error) {
      case MediaRefusedException refusal -> refusal;
      case HttpTimeoutException _ -> failed(location, "its server did not answer in time");
      case SSLException _ -> failed(location, "its server's certificate is not accepted");
      default -> {
        log.warn("fetch of {} failed", Location.shown(location), error);
        yield failed(location, "the connection failed");
      }
    };
  }

  private static MediaRefusedException failed(URI uri, String why) {
    return failed(uri.toString(), why);
  }

  private static MediaRefusedException failed(String location, String why) {
    return new MediaRefusedException(
        "fetch_failed", Location.shown(location) + " could not be fetched: " + why + ".");
  }

  private void count(String outcome) {
    meters.counter("densestream.fetch.outcomes", "outcome", outcome).increment();
  }

  /** How one hop ended. */
  private sealed interface Outcome {
    record Arrived(FetchedMedia media) implements Outcome {}

    record Moved(URI to) implements Outcome {}
  }
}
