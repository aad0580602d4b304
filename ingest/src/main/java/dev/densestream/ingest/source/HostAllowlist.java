package dev.densestream.ingest.source;

import dev.densestream.ingest.FetchSettings;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which hosts may be asked, and whether at private addresses too. */
final class HostAllowlist {
  private final Set<String> hosts;
  private final Set<String> privateHosts;

  HostAllowlist(FetchSettings settings) {
    this.hosts = lowerCase(settings.hosts());
    this.privateHosts = lowerCase(settings.privateHosts());
  }

  boolean allows(URI location) {
    return allowsPrivate(location)
        || hosts.stream().anyMatch(entry -> matches(entry, host(location), location));
  }

  boolean allowsPrivate(URI location) {
    return privateHosts.stream().anyMatch(entry -> matches(entry, host(location), location));
  }

  /** The port asked, the scheme's own where the location names none. */
  static int port(URI location) {
    if (location.getPort() >= 0) {
      return location.getPort();
    }
    return "https".equalsIgnoreCase(location.getScheme()) ? 443 : 80;
  }

  private static boolean matches(String entry, String host, URI location) {
    boolean usualPort = port(location) == (isHttps(location) ? 443 : 80);
    return entry.equals(host + ":" + port(location))
        || (usualPort && (entry.equals(host) || matchesWildcard(entry, host)));
  }

  private static boolean matchesWildcard(String entry, String host) {
    return entry.equals("*")
        || (entry.startsWith("*.") && host.endsWith(entry.substring(1)) && !host.startsWith("."));
  }

  private static boolean isHttps(URI location) {
    return "https".equalsIgnoreCase(location.getScheme());
  }

  private static String host(URI location) {
    return location.getHost().toLowerCase(Locale.ROOT);
  }

  private static Set<String> lowerCase(Set<String> entries) {
    return entries.stream()
        .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
