package dev.densestream.ingest.source;

import dev.densestream.ingest.MediaRefusedException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * One hop of a fetch: a URL, and the one checked address it will be asked of. Resolving once and
 * connecting to that very address leaves a host's DNS no second answer to give.
 */
record Route(URI uri, InetAddress address) {
  /** Looks a host's addresses up; the system's own way outside tests. */
  @FunctionalInterface
  interface Resolver {
    List<InetAddress> addresses(String host) throws UnknownHostException;

    static Resolver system() {
      return host -> List.of(InetAddress.getAllByName(host));
    }
  }

  /** Blocks while the name is looked up. */
  static Route check(URI uri, HostAllowlist allowlist, Resolver resolver) {
    String shown = uri.toString();
    if (!allowlist.allows(uri)) {
      throw Location.forbidden(
          shown,
          "host %s, port %d, is not among the hosts allowed here"
              .formatted(uri.getHost(), HostAllowlist.port(uri)));
    }
    List<InetAddress> addresses;
    try {
      addresses = resolver.addresses(uri.getHost());
    } catch (UnknownHostException _) {
      throw new MediaRefusedException(
          "fetch_failed", Location.shown(shown) + " cannot be fetched: its host is not known.");
    }
    boolean anyPrivate = addresses.stream().anyMatch(address -> !AddressRule.isPublic(address));
    if (anyPrivate && !allowlist.allowsPrivate(uri)) {
      throw Location.forbidden(shown, "its host is not at a public address");
    }
    return new Route(uri, addresses.getFirst());
  }

  /** The URL with the checked address in place of the name. */
  URI pinned() {
    String literal = address.getHostAddress().replaceAll("%.*", "");
    String host = address instanceof Inet6Address ? "[" + literal + "]" : literal;
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(
        uri.getScheme() + "://" + host + ":" + HostAllowlist.port(uri) + path + query);
  }

  /** What the server is asked for by name: the {@code Host} header. */
  String hostHeader() {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  boolean isSecure() {
    return "https".equalsIgnoreCase(uri.getScheme());
  }
}
