package dev.densestream.answerservice.web;

import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param apiKeys SHA-256 of each accepted key, lower-case hex, by the key holder's name; empty asks
 *     for none
 * @param allowUnauthenticated accept calls without a key although the service listens beyond this
 *     machine: for a service behind a gateway that checks callers itself
 */
@ConfigurationProperties("densestream.security")
public record AccessSettings(
    @DefaultValue Map<String, String> apiKeys,
    @DefaultValue("false") boolean allowUnauthenticated) {
  private static final Pattern HASHED = Pattern.compile("[0-9a-f]{64}");

  public AccessSettings {
    apiKeys = Map.copyOf(apiKeys);
    for (String hash : apiKeys.values()) {
      if (!HASHED.matcher(hash).matches()) {
        // Not repeated in the message: it may be a key in the clear.
        throw new IllegalArgumentException(
            "densestream.security.api-keys must hold the SHA-256 of each key, 64 hex digits; "
                + "echo -n \"$KEY\" | sha256sum makes one");
      }
    }
  }
}
