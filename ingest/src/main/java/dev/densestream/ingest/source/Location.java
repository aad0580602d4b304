package dev.densestream.ingest.source;

import dev.densestream.ingest.MediaRefusedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Where media is said to be, after everything but files and {@code http(s)} has been refused. */
sealed interface Location {
  /** An absolute path as written: whether it may be read is another question. */
  record LocalFile(Path path) implements Location {}

  /** An {@code http} or {@code https} URL with a host and without credentials. */
  record Remote(URI uri) implements Location {}

  static Location parse(String text) {
    if (text.startsWith("/")) {
      return localFile(text);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      throw forbidden(text, "it is neither a URL nor an absolute path");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> fileUri(uri, text);
      case "http", "https" -> remote(uri, text);
      default -> throw forbidden(text, "only http, https and file locations are read");
    };
  }

  private static Location remote(URI uri, String text) {
    if (uri.getHost() == null) {
      throw forbidden(text, "it names no host");
    }
    if (uri.getRawUserInfo() != null) {
      throw forbidden(text, "a location must not carry credentials");
    }
    return new Remote(uri);
  }

  private static Location fileUri(URI uri, String text) {
    boolean otherMachine = uri.getRawAuthority() != null && !uri.getRawAuthority().isEmpty();
    if (otherMachine || uri.getPath() == null || uri.getRawQuery() != null) {
      throw forbidden(text, "a file location is file:/// and an absolute path");
    }
    return localFile(uri.getPath());
  }

  private static Location localFile(String path) {
    try {
      return new LocalFile(Path.of(path).normalize());
    } catch (InvalidPathException _) {
      throw forbidden(path, "it is not a path of this machine");
    }
  }

  static MediaRefusedException forbidden(String location, String why) {
    return new MediaRefusedException(
        "forbidden_location", shown(location) + " is not read: " + why + ".");
  }

  /**
   * The location as it may be shown and logged: without query, credentials or control characters.
   */
  static String shown(String location) {
    String bare = location.replaceAll("[?#].*", "").replaceAll("//[^/@]*@", "//");
    String printable = bare.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return printable.length() <= 200 ? printable : printable.substring(0, 200) + "...";
  }
}
