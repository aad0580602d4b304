package dev.densestream.answerservice.command;

import dev.densestream.visionpipeline.RuntimeSettings;
import picocli.CommandLine.Option;

/** What a command computes on. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "What computes: cpu, or gpu0 and so on (default: ${DEFAULT-VALUE}).")
  private String name = RuntimeSettings.CPU;

  String name() {
    return name;
  }
}
