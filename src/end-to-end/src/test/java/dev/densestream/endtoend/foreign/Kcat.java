package dev.densestream.endtoend.foreign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code kcat} program. */
record Kcat(String program, String bootstrapServers, Path folder) {
  static boolean installed() {
    return List.of("/usr/bin/kcat", "/usr/local/bin/kcat", "/opt/homebrew/bin/kcat").stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place)));
  }

  /** A whole file as one record, with nothing but a key. */
  void produceFile(String topic, String key, Path file) throws IOException, InterruptedException {
    run("-P", "-t", topic, "-k", key, "-X", "message.max.bytes=16000000", file.toString());
  }

  /** What is visible to {@code read_committed} readers up to now, one line per record. */
  List<String> records(String topic, String format) throws IOException, InterruptedException {
    return run(
        "-C",
        "-t",
        topic,
        "-o",
        "beginning",
        "-e",
        "-q",
        "-X",
        "isolation.level=read_committed",
        "-f",
        format + "\\n");
  }

  private List<String> run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, "-b", bootstrapServers));
    command.addAll(List.of(arguments));
    Path errors = folder.resolve("kcat-errors.txt");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("kcat failed: " + Files.readString(errors));
    }
    return lines;
  }
}
