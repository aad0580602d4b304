package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Where media may be fetched from. Nothing is allowed unless it is named here.
 *
 * @param folders on this machine, with everything below them
 * @param hosts {@code name} (its scheme's usual port), {@code name:port}, {@code *.example.org} or
 *     {@code *}; reached only at public addresses
 * @param privateHosts {@code name} or {@code name:port}; may be at loopback, link-local and private
 *     addresses too
 * @param scratch where fetched bodies are kept while they are in use
 */
public record FetchSettings(
    List<Path> folders, Set<String> hosts, Set<String> privateHosts, Path scratch, Limits limits) {
  public FetchSettings {
    folders = List.copyOf(folders);
    hosts = Set.copyOf(hosts);
    privateHosts = Set.copyOf(privateHosts);
    requireNonNull(scratch, "scratch is null");
    requireNonNull(limits, "limits is null");
    for (String host : privateHosts) {
      if (host.contains("*")) {
        throw new IllegalArgumentException(
            "privateHosts must name each host, without *: was " + host);
      }
    }
  }

  /** Allows nothing. */
  public static FetchSettings closed(Path scratch) {
    return new FetchSettings(List.of(), Set.of(), Set.of(), scratch, Limits.defaults());
  }

  /**
   * What one fetch may cost.
   *
   * @param connect time to reach one host and get its answer's first line
   * @param whole time for everything, redirects and body included
   */
  public record Limits(long maxBytes, Duration connect, Duration whole, int maxRedirects) {
    public Limits {
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes must be >= 1: was " + maxBytes);
      }
      if (!connect.isPositive() || !whole.isPositive()) {
        throw new IllegalArgumentException(
            "connect and whole must be positive: were " + connect + ", " + whole);
      }
      if (maxRedirects < 0 || maxRedirects > 20) {
        throw new IllegalArgumentException("maxRedirects must be 0 to 20: was " + maxRedirects);
      }
    }

    public static Limits defaults() {
      return new Limits(512L * 1024 * 1024, Duration.ofSeconds(10), Duration.ofMinutes(5), 5);
    }
  }
}
