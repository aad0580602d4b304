package dev.densestream.answerservice.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands in processes of their own, told to stop while the tensor engine computes. In 8 bits, for
 * then it computes in code that it has made itself: with an ordinary exit one of three ended in a
 * crash report.
 */
class CommandExitIT {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** Starting takes less of the processor than this; from then on it computes. */
  private static final Duration STARTED = Duration.ofSeconds(6);

  @TempDir Path folder;

  private Process start(String... arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Stream<String> options =
        Stream.of(
            java.toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    return new ProcessBuilder(Stream.concat(options, Stream.of(arguments)).toList())
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  @RepeatedTest(4)
  void endsAtOnce_andLeavesNoCrashReport() throws Exception {
    Process bench =
        start(
            "bench",
            "--shape",
            "llama-tiny",
            "--precision",
            "int8",
            "--prefill",
            "512",
            "--decode",
            "0",
            "--repetitions",
            "99999");
    try {
      await()
          .atMost(LONGEST)
          .until(
              () ->
                  !bench.isAlive()
                      || bench.info().totalCpuDuration().orElse(STARTED).compareTo(STARTED) >= 0);
      assertThat(bench.isAlive()).as(Files.readString(folder.resolve("out"))).isTrue();
      bench.destroy();
      assertThat(bench.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      bench.destroyForcibly();
    }
    assertThat(bench.exitValue()).isEqualTo(143);
    assertThat(reports()).isZero();
  }

  @Test
  void tellsTheStatus_whereNobodyStopsIt() throws Exception {
    Process version = start("bench", "--shape", "none");

    assertThat(version.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(version.exitValue()).isEqualTo(2);
  }

  private long reports() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("hs_err")).count();
    }
  }
}
