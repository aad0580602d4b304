package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Encoded video to be decoded: either its bytes, or a file on this machine (a large recorded clip).
 */
public sealed interface Media {
  /** Encoded size in bytes. */
  long sizeBytes();

  /** The media itself. The array is handed over: nobody writes to it afterwards. */
  @SuppressWarnings("ArrayRecordComponent") // a segment is compared by identity, never by content
  record Bytes(byte[] content) implements Media {
    public Bytes {
      requireNonNull(content, "content is null");
    }

    @Override
    public long sizeBytes() {
      return content.length;
    }

    @Override
    public String toString() {
      return "Bytes[" + content.length + "]";
    }
  }

  /** A regular file that stays in place and unchanged for as long as the media is in use. */
  record File(Path path, long sizeBytes) implements Media {
    public File {
      requireNonNull(path, "path is null");
    }
  }
}
