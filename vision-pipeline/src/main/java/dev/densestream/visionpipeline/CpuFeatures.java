package dev.densestream.visionpipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the processor can multiply whole numbers with; decides which kernels are the faster ones.
 *
 * @param amxInt8 tiles of 8-bit numbers
 * @param avx512Vnni four products of 8-bit numbers added up without saturation
 */
public record CpuFeatures(boolean amxInt8, boolean avx512Vnni) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** Of this machine; none where it does not say. */
  public static CpuFeatures ofThisMachine() {
    try (Stream<String> lines = Files.lines(LINUX)) {
      return of(lines.filter(line -> line.startsWith("flags")).findFirst().orElse(""));
    } catch (IOException e) {
      return new CpuFeatures(false, false);
    }
  }

  /** From the kernel's line of flags. */
  static CpuFeatures of(String line) {
    Set<String> flags = Arrays.stream(line.split("\\s+")).collect(Collectors.toSet());
    return new CpuFeatures(flags.contains("amx_int8"), flags.contains("avx512_vnni"));
  }
}
