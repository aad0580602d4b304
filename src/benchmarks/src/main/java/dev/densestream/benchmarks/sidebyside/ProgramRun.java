package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class ProgramRun {
  private static final int MINUTES = 30;

  private ProgramRun() {}

  /**
   * What it printed to standard output.
   *
   * @param both whether what it printed as errors follows
   */
  static String of(List<String> command, boolean both) throws IOException, InterruptedException {
    Path out = Files.createTempFile("densestream-run", ".out");
    Path errors = Files.createTempFile("densestream-run", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(errors.toFile());
      finish(builder.start(), command, errors);
      return Files.readString(out) + (both ? Files.readString(errors) : "");
    } finally {
      Files.delete(out);
      Files.delete(errors);
    }
  }

  private static void finish(Process process, List<String> command, Path errors)
      throws IOException, InterruptedException {
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(command.getFirst() + " took more than " + MINUTES + " minutes");
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      List<String> said = Files.readString(errors).lines().filter(l -> !l.isBlank()).toList();
      throw new IOException(
          Path.of(command.getFirst()).getFileName()
              + " ended with "
              + process.exitValue()
              + (said.isEmpty() ? "" : ": " + said.getFirst()));
    }
  }
}
