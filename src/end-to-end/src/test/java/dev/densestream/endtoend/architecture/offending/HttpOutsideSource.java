package dev.densestream.endtoend.architecture.offending;

import java.net.http.HttpClient;

/** Uses the JDK's client outside the one package for it. */
public final class HttpOutsideSource {
  final HttpClient client = HttpClient.newHttpClient();
}
