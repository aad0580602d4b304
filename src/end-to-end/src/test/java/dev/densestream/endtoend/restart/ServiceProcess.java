package dev.densestream.endtoend.restart;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built jar as a child process. */
final class ServiceProcess implements AutoCloseable {
  private final Process process;

  private ServiceProcess(Process process) {
    this.process = process;
  }

  /**
   * @param instance of the consumer group
   * @param systemProperties as {@code name=value}
   */
  static ServiceProcess start(
      String bootstrapServers, String instance, Path log, String... systemProperties)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    // What a killed process leaves behind stays in the build folder.
    Path temporary = Files.createDirectories(log.resolveSibling("tmp")).toAbsolutePath();
    command.add("-Djava.io.tmpdir=" + temporary);
    for (String property : systemProperties) {
      command.add("-D" + property);
    }
    command.addAll(List.of("-jar", jar().toString(), "serve"));
    command.add("--densestream.roles=answer");
    command.add("--densestream.kafka.bootstrap-servers=" + bootstrapServers);
    command.add("--densestream.kafka.instance-id=" + instance);
    command.add("--densestream.kafka.session-timeout=3s");
    command.add("--densestream.windows.idle=5s");
    command.add("--densestream.windows.answer-ahead=16");
    command.add("--densestream.decoder.children=1");
    command.add("--server.port=0");
    command.add("--management.server.port=0");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ServiceProcess(builder.start());
  }

  private static File jar() {
    File jar = new File(System.getProperty("densestream.jar"));
    if (!jar.isFile()) {
      throw new IllegalStateException("build the executable jar first: no " + jar);
    }
    return jar;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** {@code kill -9}: nothing in it gets to finish anything. */
  void kill() {
    process.destroyForcibly();
    await(10);
  }

  /** SIGTERM; its exit status. */
  int stop() {
    process.destroy();
    return await(30) ? process.exitValue() : -1;
  }

  /** {@code STOP} or {@code CONT}. */
  void signal(String name) throws IOException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
        .inheritIO()
        .start()
        .onExit()
        .join();
  }

  private boolean await(long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
