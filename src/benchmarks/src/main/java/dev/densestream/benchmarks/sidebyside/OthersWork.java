package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How much of the machine others took while something was measured, in cores: all processors' busy
 * and stolen time less that of this process and of its children that have ended. Unlike the load
 * average it does not count the measurement itself. Linux only; not a number elsewhere.
 */
final class OthersWork {
  private static final Path ALL = Path.of("/proc/stat");
  private static final Path OWN = Path.of("/proc/self/stat");
  private static final double TICKS = 100; // a second has as many, on every Linux that runs a JVM

  private final double before = ticks();
  private final long begin = System.nanoTime();

  OthersWork() throws IOException {}

  double cores() throws IOException {
    double seconds = (System.nanoTime() - begin) / 1e9;
    return Math.max(0, ticks() - before) / TICKS / seconds;
  }

  private static double ticks() throws IOException {
    if (!Files.isReadable(ALL) || !Files.isReadable(OWN)) {
      return Double.NaN;
    }
    return all(Files.readString(ALL)) - own(Files.readString(OWN));
  }

  /** First line: user, nice, system, idle, waiting, interrupts (two kinds), stolen. */
  static double all(String stat) {
    List<String> fields = Arrays.asList(stat.lines().findFirst().orElseThrow().split("\\s+"));
    double sum = 0;
    for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
      sum += Double.parseDouble(fields.get(i));
    }
    return sum;
  }

  /** After the name in brackets: 11 fields, then own and children's time, user and system each. */
  static double own(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double sum = 0;
    for (int i = 11; i < 15; i++) {
      sum += Double.parseDouble(fields[i]);
    }
    return sum;
  }
}
