package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Media on this machine's disk for as long as it is needed. Caller closes. */
public final class FetchedMedia implements AutoCloseable {
  private final Media.File media;
  private final String contentType;
  private final boolean scratch;

  /**
   * @param scratch true when the file is a copy of ours, deleted on close
   */
  public FetchedMedia(Media.File media, String contentType, boolean scratch) {
    this.media = requireNonNull(media, "media is null");
    this.contentType = requireNonNull(contentType, "contentType is null");
    this.scratch = scratch;
  }

  public Media.File media() {
    return media;
  }

  /** What the source calls it; a hint, not trusted. */
  public String contentType() {
    return contentType;
  }

  @Override
  public void close() {
    if (!scratch) {
      return;
    }
    try {
      Files.deleteIfExists(media.path());
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete scratch file " + media.path(), e);
    }
  }
}
