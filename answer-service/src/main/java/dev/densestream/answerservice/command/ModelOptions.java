package dev.densestream.answerservice.command;

import dev.densestream.answerservice.ModelSettings;
import dev.densestream.visionpipeline.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command runs, and how. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model directory as published (default: the untrained demo model).")
  private @Nullable Path model;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = "Of the weights: ${COMPLETION-CANDIDATES} (default: as they are stored).")
  private @Nullable Precision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "For one tensor operation (default: one per core).")
  private int threads;

  /** Empty for the demo model. */
  Optional<Path> model() {
    return Optional.ofNullable(model).map(folder -> folder("--model", folder));
  }

  /** One clip at a time: few answers wait. */
  ModelSettings settings() {
    ModelSettings defaults = ModelSettings.defaults();
    return new ModelSettings(
        defaults.conversation(),
        defaults.reduction(),
        Optional.ofNullable(precision),
        threads > 0 ? threads : defaults.threads(),
        defaults.slots(),
        defaults.waiting(),
        defaults.kvBytes());
  }

  private static Path folder(String option, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(
          "model_not_found", "There is no folder " + folder + "; " + option + " names one.");
    }
    return folder;
  }
}
