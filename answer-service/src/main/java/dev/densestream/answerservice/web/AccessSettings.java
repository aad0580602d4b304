package dev.densestream.answerservice.web;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param apiKeys each {@code sha256:} and the lower-case hex SHA-256 of a key; empty asks for none
 * @param allowUnauthenticated accept calls without a key although the service listens beyond this
 *     machine: for a service behind a gateway that checks callers itself
 */
@ConfigurationProperties("densestream")
public record AccessSettings(
    @DefaultValue List<String> apiKeys, @DefaultValue("false") boolean allowUnauthenticated) {
  private static final Pattern HASHED = Pattern.compile("sha256:[0-9a-f]{64}");

  public AccessSettings {
    apiKeys = List.copyOf(apiKeys);
    for (String key : apiKeys) {
      if (!HASHED.matcher(key).matches()) {
        // Not repeated in the message: it may be a key in the clear.
        throw new IllegalArgumentException(
            "densestream.api-keys must hold sha256:<64 hex digits>, the hash of a key; "
                + "printf %s \"$KEY\" | sha256sum makes one");
      }
    }
  }
}
