package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a sender says about the clip it sends. Nothing of it is trusted.
 *
 * @param name shown to people, never used as a path
 * @param declaredBytes where the sender says how much will come: lets a hopeless upload be refused
 *     before its body is read
 */
public record ClipUpload(@Nullable String name, String contentType, OptionalLong declaredBytes) {
  public ClipUpload {
    requireNonNull(contentType, "contentType is null");
    requireNonNull(declaredBytes, "declaredBytes is null");
  }
}
