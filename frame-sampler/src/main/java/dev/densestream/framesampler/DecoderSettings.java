package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The pool of decoder processes.
 *
 * @param children processes, each decoding one media at a time
 * @param threads decoding threads in each
 * @param memoryBytes address space of each process, where the system can limit it
 * @param start longest time a process may take until it is ready
 * @param scratch folder for what the processes are started from (unpacked libraries); a folder in
 *     the user's cache when empty
 */
public record DecoderSettings(
    int children,
    int threads,
    long memoryBytes,
    Duration start,
    MediaLimits limits,
    Optional<Path> scratch) {

  public DecoderSettings {
    requireNonNull(start, "start is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(scratch, "scratch is null");
    if (children < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "children and threads must be >= 1: were " + children + ", " + threads);
    }
    if (memoryBytes < 256L << 20) {
      throw new IllegalArgumentException("memoryBytes must be >= 256 MiB: was " + memoryBytes);
    }
  }

  /** Two processes that share the machine's cores. */
  public static DecoderSettings defaults() {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    return new DecoderSettings(
        2, threads, 3L << 30, Duration.ofSeconds(30), MediaLimits.defaults(), Optional.empty());
  }

  public DecoderSettings withChildren(int count) {
    return new DecoderSettings(count, threads, memoryBytes, start, limits, scratch);
  }

  public DecoderSettings withThreads(int count) {
    return new DecoderSettings(children, count, memoryBytes, start, limits, scratch);
  }

  public DecoderSettings withLimits(MediaLimits mediaLimits) {
    return new DecoderSettings(children, threads, memoryBytes, start, mediaLimits, scratch);
  }

  public DecoderSettings withScratch(Path folder) {
    return new DecoderSettings(children, threads, memoryBytes, start, limits, Optional.of(folder));
  }
}
