package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The pool of decoder processes.
 *
 * @param children processes, each decoding one media at a time
 * @param clips processes more for clips, which keep theirs while the model works on what it saw so
 *     far; started when needed. Without any, clips are decoded by {@code children}, and others wait
 *     behind them
 * @param threads decoding threads in each
 * @param memoryBytes address space of each process, where the system can limit it
 * @param start longest time a process may take until it is ready
 * @param scratch folder for what the processes are started from (unpacked libraries); a folder in
 *     the user's cache when empty
 */
public record DecoderSettings(
    int children,
    int clips,
    int threads,
    long memoryBytes,
    Duration start,
    MediaLimits limits,
    Optional<Path> scratch) {

  public DecoderSettings {
    requireNonNull(start, "start is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(scratch, "scratch is null");
    if (children < 1 || clips < 0 || threads < 1) {
      throw new IllegalArgumentException(
          "children and threads must be >= 1, clips >= 0: were "
              + children
              + ", "
              + threads
              + ", "
              + clips);
    }
    if (memoryBytes < 256L << 20) {
      throw new IllegalArgumentException("memoryBytes must be >= 256 MiB: was " + memoryBytes);
    }
  }

  /** Two processes that share the machine's cores, none for clips alone. */
  public static DecoderSettings defaults() {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    return new DecoderSettings(
        2, 0, threads, 3L << 30, Duration.ofSeconds(30), MediaLimits.defaults(), Optional.empty());
  }

  public DecoderSettings withChildren(int count) {
    return new DecoderSettings(count, clips, threads, memoryBytes, start, limits, scratch);
  }

  public DecoderSettings withClips(int count) {
    return new DecoderSettings(children, count, threads, memoryBytes, start, limits, scratch);
  }

  public DecoderSettings withThreads(int count) {
    return new DecoderSettings(children, clips, count, memoryBytes, start, limits, scratch);
  }

  public DecoderSettings withLimits(MediaLimits mediaLimits) {
    return new DecoderSettings(children, clips, threads, memoryBytes, start, mediaLimits, scratch);
  }

  public DecoderSettings withScratch(Path folder) {
    return new DecoderSettings(
        children, clips, threads, memoryBytes, start, limits, Optional.of(folder));
  }
}
