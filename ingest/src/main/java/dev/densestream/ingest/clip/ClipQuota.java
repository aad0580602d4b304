package dev.densestream.ingest.clip;

import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.MediaRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes the store may still take: stored clips and those under way count alike. */
final class ClipQuota {
  /** Asking the file system costs a call, so it is asked once per this many bytes. */
  private static final long LOOK_EVERY_BYTES = 4L * 1024 * 1024;

  private final ClipSettings settings;
  private final AtomicLong used = new AtomicLong();

  ClipQuota(ClipSettings settings) {
    this.settings = settings;
  }

  long usedBytes() {
    return used.get();
  }

  void found(long bytes) {
    used.addAndGet(bytes);
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }

  Share share() {
    return new Share();
  }

  private void requireClipSize(long bytes) {
    if (bytes > settings.maxClipBytes()) {
      throw new MediaRefusedException(
          "too_large",
          "The clip is larger than the %d bytes accepted here; send a shorter or smaller one."
              .formatted(settings.maxClipBytes()));
    }
  }

  private void requireDiskSpace(long bytes) {
    try {
      long usable = Files.getFileStore(settings.folder()).getUsableSpace();
      if (usable - bytes < settings.minFreeBytes()) {
        throw noSpace();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell the free space of " + settings.folder(), e);
    }
  }

  private static MediaRefusedException noSpace() {
    return new MediaRefusedException(
        "no_space", "There is no space left for this clip; try again when others have expired.");
  }

  /** The part one upload has taken so far. Given back on close unless settled. */
  final class Share implements AutoCloseable {
    private long taken;
    private long lookedAt;
    private boolean settled;
    private boolean closed;

    /** Refuses what cannot fit anyway, before the first byte of it is read. */
    void expect(long declaredBytes) {
      requireClipSize(declaredBytes);
      requireDiskSpace(declaredBytes);
      if (used.get() + declaredBytes > settings.maxTotalBytes()) {
        throw noSpace();
      }
    }

    synchronized void grow(long totalBytes) {
      requireClipSize(totalBytes);
      long more = totalBytes - taken;
      if (used.addAndGet(more) > settings.maxTotalBytes()) {
        used.addAndGet(-more);
        throw noSpace();
      }
      taken = totalBytes;
      if (totalBytes - lookedAt >= LOOK_EVERY_BYTES) {
        lookedAt = totalBytes;
        requireDiskSpace(LOOK_EVERY_BYTES);
      }
    }

    /** The clip is stored: its bytes stay taken, even where a cancel gave them back meanwhile. */
    synchronized void settle() {
      if (closed) {
        used.addAndGet(taken);
      }
      settled = true;
    }

    @Override
    public synchronized void close() {
      if (!settled && !closed) {
        used.addAndGet(-taken);
        closed = true;
      }
    }
  }
}
