package dev.densestream.ingest;

import dev.densestream.ingest.source.GuardedFetcher;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

/**
 * Brings media named by other people onto this machine, from nowhere but the configured folders and
 * hosts. Nothing else in the service opens such a location.
 */
public interface MediaFetcher {
  static MediaFetcher open(FetchSettings settings, MeterRegistry meters) {
    return GuardedFetcher.open(settings, meters);
  }

  /**
   * A file of an allowed folder, in place; or the whole body of an allowed URL, as a scratch file.
   * The subscriber closes what it gets.
   *
   * <p>Ends with a {@link MediaRefusedException}: {@code forbidden_location} for a scheme, host,
   * address or folder that is not allowed, redirects included; {@code not_found}; {@code
   * too_large}; {@code fetch_failed} for everything that may go better another time.
   *
   * @param location an {@code http}, {@code https} or {@code file} URI, or an absolute path
   */
  Mono<FetchedMedia> fetch(String location);
}
