package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A clip kept on this machine.
 *
 * @param id made by us; also the only part of its file's name
 * @param name what the sender called it, cleaned; only ever shown
 * @param contentType what the sender called it; a hint, not trusted
 * @param sha256 lower-case hex
 */
public record StoredClip(
    String id,
    @Nullable String name,
    String contentType,
    Media.File media,
    String sha256,
    Instant storedAt) {
  public StoredClip {
    requireNonNull(id, "id is null");
    requireNonNull(contentType, "contentType is null");
    requireNonNull(media, "media is null");
    requireNonNull(sha256, "sha256 is null");
    requireNonNull(storedAt, "storedAt is null");
  }

  public long sizeBytes() {
    return media.sizeBytes();
  }

  public Path path() {
    return media.path();
  }
}
