package dev.densestream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar where one of its ports is taken: it says so at once, and has started nothing. */
class TakenPortIT {
  /** Said by every start with a broker of its own; see {@code StandaloneService}. */
  private static final String BROKER = "broker on";

  @TempDir private Path folder;

  @Test
  void saysWhichPortIsTaken_beforeBrokerAndModel() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      expectRefusal(taken.getLocalPort(), "--port=" + taken.getLocalPort(), "--management-port=0");
      expectRefusal(taken.getLocalPort(), "--port=0", "--management-port=" + taken.getLocalPort());
    }
  }

  private void expectRefusal(int port, String... options) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Path log = folder.resolve("log.txt");
    Process process = serve(errors, log, options);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(Files.readString(errors))
          .isEqualToIgnoringNewLines(
              "densestream: port_in_use: Port "
                  + port
                  + " belongs to another process; choose others with --port and"
                  + " --management-port.");
      assertThat(Files.readString(log)).contains("already in use").doesNotContain(BROKER, "\tat ");
      try (var left = Files.list(Files.createDirectories(folder.resolve("tmp")))) {
        assertThat(left).as("temporary files of a broker or a model").isEmpty();
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private Process serve(Path errors, Path log, String... options) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-jar",
            System.getProperty("densestream.jar"),
            "serve",
            options[0],
            options[1]);
    return builder.redirectError(errors.toFile()).redirectOutput(log.toFile()).start();
  }
}
