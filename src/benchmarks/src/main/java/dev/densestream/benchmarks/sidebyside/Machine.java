package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What was measured on, as far as it says so itself. */
record Machine(String processor, int cores, String system, String java, String commit) {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /**
   * Asks the machine, and git for the commit.
   *
   * @param checkout the repository's root
   */
  static Machine look(Path checkout) throws IOException, InterruptedException {
    List<String> git = List.of("git", "-C", checkout.toString(), "describe", "--always", "--dirty");
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.version"),
        ProgramRun.of(git, false).strip());
  }

  private static String processorName() throws IOException {
    if (!Files.exists(PROCESSORS)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(PROCESSORS).stream()
        .filter(line -> line.startsWith("model name"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse(System.getProperty("os.arch"));
  }
}
