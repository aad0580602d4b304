package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.train.clips.ClipTraining;
import dev.densestream.visionpipeline.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a training on people's clips is told. */
final class ClipOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model whose projector learns; its other parts stay as they are.")
  private @Nullable Path model;

  @Option(
      names = "--clips",
      required = true,
      paramLabel = "FILE",
      description =
          "Lines {\"video\",\"caption\"}, or {\"video\",\"question\",\"answer\"}, in JSON.")
  private @Nullable Path clips;

  @Option(
      names = "--videos",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the videos that the lines name.")
  private @Nullable Path videos;

  @Option(
      names = "--vision-towers",
      split = ",",
      paramLabel = "DIR",
      description = "Folders where to look for the vision tower, besides the model's own.")
  private List<Path> towers = List.of();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description =
          "Question that the captions answer, in the model's conversation template (default: none,"
              + " a caption follows the pictures as in the original's first stage).")
  private @Nullable String prompt;

  @Option(names = "--fresh", description = "Begin with a random projector, not the model's.")
  private boolean fresh;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames of each clip (default: the model's own).")
  private @Nullable Integer frames;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = "fp32 or bf16, of the parts that do not learn (default: as stored).")
  private @Nullable Precision precision;

  @Option(
      names = "--epochs",
      defaultValue = "1",
      paramLabel = "N",
      description = "How often each line is learnt from (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      defaultValue = "16",
      paramLabel = "N",
      description = "Lines in one step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--rate",
      defaultValue = "1e-3",
      paramLabel = "X",
      description = "Largest learning rate (default: ${DEFAULT-VALUE}, the paper's).")
  private double rate;

  @Option(
      names = "--hold-out",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Lines at the end of the file that are not learnt from; their loss is told at each"
              + " checkpoint (default: ${DEFAULT-VALUE}).")
  private int heldOut;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of the order of lines, and of a fresh projector (default: ${DEFAULT-VALUE}).")
  private long seed;

  ClipTraining training() {
    return new ClipTraining(
        requireNonNull(model),
        towers,
        requireNonNull(clips),
        requireNonNull(videos),
        Optional.ofNullable(prompt),
        fresh,
        Optional.ofNullable(frames),
        Optional.ofNullable(precision),
        epochs,
        batch,
        rate,
        heldOut,
        seed);
  }
}
