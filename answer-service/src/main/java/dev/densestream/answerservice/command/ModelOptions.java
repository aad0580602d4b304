package dev.densestream.answerservice.command;

import dev.densestream.answerservice.ModelSettings;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VideoPooling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model a command runs, and how. */
final class ModelOptions {
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
      names = "--vision-towers",
      split = ",",
      paramLabel = "DIR",
      description = "Where to look for the vision tower, besides the model directory's neighbours.")
  private List<Path> visionTowers = List.of();

  @Option(
      names = "--token-reduction",
      paramLabel = "HOW",
      description =
          "Of every image's tokens, if the model was trained for it: ${COMPLETION-CANDIDATES}.")
  private @Nullable TokenReduction reduction;

  @Option(
      names = "--video-pooling",
      paramLabel = "HOW",
      description = "Of video frames' tokens: ${COMPLETION-CANDIDATES} (default: PAIRWISE_MAX).")
  private @Nullable VideoPooling videoPooling;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "For one tensor operation (default: one per core; one for small models).")
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
        Optional.ofNullable(reduction),
        Optional.ofNullable(videoPooling),
        visionTowers,
        Optional.ofNullable(precision),
        device.name(),
        threads,
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
