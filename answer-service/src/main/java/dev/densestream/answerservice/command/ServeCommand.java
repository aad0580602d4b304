package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.DenseStreamApplication;
import dev.densestream.visionpipeline.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Starts the application with the settings people change most; the rest is passed on. */
@Command(
    name = ServeCommand.NAME,
    mixinStandardHelpOptions = true,
    description = {
      "Starts the service: web page, API, live answers.",
      "Every setting of src/docs/configuration.md is accepted as --name=value."
    })
final class ServeCommand implements Callable<Integer> {
  static final String NAME = "serve";

  /** Not an exit status: the application runs on, on its own threads. */
  static final int RUNNING = -1;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--demo", description = "Start with cameras and standing questions of its own.")
  private boolean demo;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Of the page and the API (default: 8080; 0: any free one).")
  private @Nullable Integer port;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "Of health and metrics (default: 8081; 0: any free one).")
  private @Nullable Integer managementPort;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Model directory as published (default: the demo model, which knows a synthetic world).")
  private @Nullable Path model;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = "Of the weights: ${COMPLETION-CANDIDATES} (default: as they are stored).")
  private @Nullable Precision precision;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "What computes: cpu, or gpu0 and so on (default: cpu).")
  private @Nullable String device;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Your Kafka (default: a broker of its own in this process).")
  private @Nullable String kafka;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where topics and clips are kept (default: a temporary folder).")
  private @Nullable Path dataDir;

  @Unmatched private List<String> settings = new ArrayList<>();

  @Override
  public Integer call() {
    startOrSay(arguments());
    return RUNNING;
  }

  static void start(String... arguments) {
    DenseStreamApplication.main(arguments);
  }

  /** Spring has logged the whole of it; the last line names the cause. */
  private static void startOrSay(List<String> arguments) {
    try {
      start(arguments.toArray(String[]::new));
    } catch (RuntimeException failure) {
      throw said(failure);
    }
  }

  /** A port may be taken at the first look, or by the time the web server opens it. */
  private static CommandFailedException said(RuntimeException failure) {
    return failure instanceof PortInUseException first
        ? taken(first)
        : failure.getCause() instanceof PortInUseException later
            ? taken(later)
            : new CommandFailedException("start_failed", Causes.said(failure));
  }

  private static CommandFailedException taken(PortInUseException taken) {
    return new CommandFailedException(
        "port_in_use",
        "Port "
            + taken.getPort()
            + " belongs to another process; choose others with --port and --management-port.");
  }

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (demo) {
      arguments.add("--densestream.demo=true");
    }
    add(arguments, "server.port", port);
    add(arguments, "management.server.port", managementPort);
    add(arguments, "densestream.model.path", model);
    add(arguments, "densestream.model.precision", precision);
    add(arguments, "densestream.model.device", device);
    add(arguments, "densestream.kafka.bootstrap-servers", kafka);
    if (dataDir != null) {
      add(arguments, "densestream.kafka.data-dir", dataDir.resolve("topics"));
      add(arguments, "densestream.clips.data-dir", dataDir.resolve("clips"));
    }
    settings.forEach(setting -> arguments.add(checked(setting)));
    if (model != null && !Files.isDirectory(model)) {
      throw new CommandFailedException(
          "model_not_found", "There is no folder " + model + "; --model names a model directory.");
    }
    return arguments;
  }

  private static void add(List<String> arguments, String name, @Nullable Object value) {
    if (value != null) {
      arguments.add("--" + name + "=" + value);
    }
  }

  /** What is not an option must be a setting, so that a misspelt option is not swallowed. */
  private String checked(String setting) {
    if (!setting.matches("--[a-z][a-z0-9-]*(\\.[A-Za-z0-9\\[\\]._-]+)+=.*")) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          "Unknown option: '" + setting + "'; settings are given as --name=value");
    }
    return setting;
  }
}
