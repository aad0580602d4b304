package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where clips are kept and how many.
 *
 * @param folder one store has it to itself, unless it is shared
 * @param shared other processes have stores in the same folder, each showing the clips of all.
 *     Their uploads under way do not count towards {@code maxTotalBytes} here
 * @param maxClipBytes the largest clip accepted
 * @param maxTotalBytes all clips together, those under way included
 * @param minFreeBytes space on the disk that clips leave to others
 * @param maxAge clips older than this may be removed
 */
public record ClipSettings(
    Path folder,
    boolean shared,
    long maxClipBytes,
    long maxTotalBytes,
    long minFreeBytes,
    Duration maxAge) {
  private static final long MIB = 1024L * 1024;

  public ClipSettings {
    requireNonNull(folder, "folder is null");
    requireNonNull(maxAge, "maxAge is null");
    if (maxClipBytes < 1 || maxTotalBytes < maxClipBytes) {
      throw new IllegalArgumentException(
          "maxClipBytes must be >= 1 and <= maxTotalBytes %d: was %d"
              .formatted(maxTotalBytes, maxClipBytes));
    }
    if (minFreeBytes < 0) {
      throw new IllegalArgumentException("minFreeBytes must be >= 0: was " + minFreeBytes);
    }
    if (maxAge.isNegative() || maxAge.isZero()) {
      throw new IllegalArgumentException("maxAge must be positive: was " + maxAge);
    }
  }

  public static ClipSettings defaults(Path folder) {
    return new ClipSettings(folder, false, 512 * MIB, 8192 * MIB, 256 * MIB, Duration.ofDays(7));
  }
}
