package dev.densestream.answerservice.model;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Memory a model may still take, so that one that is too large is refused with a sentence rather
 * than ended by the system while it loads.
 *
 * @param bytes free or freed on demand; empty where the system does not tell
 */
public record MemoryRoom(OptionalLong bytes) {
  private static final Path MACHINE = Path.of("/proc/meminfo");
  private static final Path GROUP = Path.of("/sys/fs/cgroup");
  private static final double GIB = 1L << 30;

  /** The machine's, or the container's where that is less. */
  public static MemoryRoom now() {
    return new MemoryRoom(
        Stream.of(machine(), group())
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .min());
  }

  private static OptionalLong machine() {
    try (Stream<String> lines = Files.lines(MACHINE)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /** A limit leaves room for what is used beyond the files it caches. */
  private static OptionalLong group() {
    try {
      long limit = Long.parseLong(Files.readString(GROUP.resolve("memory.max")).strip());
      long used = Long.parseLong(Files.readString(GROUP.resolve("memory.current")).strip());
      try (Stream<String> lines = Files.lines(GROUP.resolve("memory.stat"))) {
        long cached =
            lines
                .filter(line -> line.startsWith("file "))
                .mapToLong(line -> Long.parseLong(line.substring("file ".length()).strip()))
                .findFirst()
                .orElse(0);
        return OptionalLong.of(limit - used + cached);
      }
    } catch (IOException | NumberFormatException _) { // no container, or one without a limit
      return OptionalLong.empty();
    }
  }

  /**
   * What a model takes once it is loaded.
   *
   * @param weights bytes
   * @param keysAndValues bytes of the whole budget: it fills up as people ask
   */
  public record Need(long weights, long keysAndValues, Precision precision) {}

  /**
   * Compares with what a model takes.
   *
   * @throws CheckpointException if it does not fit
   */
  public void require(Path model, Need need) {
    if (bytes.isPresent() && need.weights + need.keysAndValues > bytes.getAsLong()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "the weights in %s need %.1f GiB of memory as %s and their keys and values %.1f GiB,"
                  + " and %.1f GiB are free: choose a smaller --precision, model or"
                  + " densestream.model.kv-cache, or a machine with more memory",
              model,
              need.weights / GIB,
              need.precision.name().toLowerCase(Locale.ROOT),
              need.keysAndValues / GIB,
              bytes.getAsLong() / GIB));
    }
  }
}
