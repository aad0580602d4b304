package dev.densestream.trainer.train.clips;

import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.model.MemoryRoom;
import dev.densestream.answerservice.model.ModelFiles;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.trainer.train.program.ProjectorTrainee;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.ProjectorInput;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VisionModel;
import dev.densestream.visionpipeline.VisionSettings;
import dev.densestream.visionpipeline.encoder.TowerSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A published model directory, opened so that its projector can learn. */
final class OpenedModel implements AutoCloseable {
  /** Longer examples are refused, whatever the model's context is. */
  private static final int MOST_ROWS = 8192;

  private final ModelFiles files;
  private final Checkpoint checkpoint;
  private final VisionSettings settings;
  private final Precision precision;
  private final TensorRuntime runtime;
  private final Tokenizer tokenizer;
  private final ProjectorInput input;

  /**
   * Loads the tower.
   *
   * @param runtime borrowed
   * @throws dev.densestream.visionpipeline.CheckpointException if it is none that can be trained
   */
  OpenedModel(ClipTraining training, TensorRuntime runtime) {
    this.runtime = runtime;
    files = ModelFiles.read(training.model());
    checkpoint = files.checkpoint();
    precision = training.precision().orElseGet(files::precision);
    TokenReduction reduction = files.reduction();
    settings =
        VisionSettings.defaults()
            .withPrecision(precision)
            .withReduction(reduction)
            .withVideoPooling(files.videoPooling(reduction))
            .withTowerFolders(training.towers());
    MemoryRoom.now().require(training.model(), need());
    tokenizer = Tokenizer.open(training.model());
    try {
      input = ProjectorInput.open(runtime, checkpoint, settings);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The weights; what a clip needs besides depends on its length. */
  private MemoryRoom.Need need() {
    long parameters = VisionModel.parameters(checkpoint, settings, _ -> true);
    int each = precision == Precision.FP32 ? Float.BYTES : Short.BYTES;
    return new MemoryRoom.Need(parameters * each, 0, precision);
  }

  /** The directory that the projector goes into. */
  TunedModel tuned(Path directory) {
    return new TunedModel(directory, checkpoint, projector());
  }

  int framesPerWindow() {
    return files.framesPerWindow();
  }

  /** Rows of pictures and ids that the model takes, all of which every row behind them sees. */
  int mostRows() {
    LanguageConfig config = LanguageConfig.of(checkpoint.config());
    int window = config.slidingWindow() > 0 ? config.slidingWindow() : MOST_ROWS;
    int context = Math.min(config.contextLength(), files.lengthLimit());
    return Math.min(MOST_ROWS, Math.min(window, context));
  }

  ToldText text() {
    return new ToldText(tokenizer, files.template(tokenizer));
  }

  Optional<Path> tower() {
    return TowerSource.find(checkpoint, settings.towerFolders()).directory();
  }

  List<Parameter> projector() {
    return ParameterTable.projector(
        checkpoint.config().string("mm_projector_type", "linear"),
        input.width(),
        checkpoint.config().positive("hidden_size"));
  }

  /** A parameter's values in the model's files. */
  float[] stored(Parameter parameter) {
    return parameter.stored(checkpoint, runtime);
  }

  /** The caller closes it before this. */
  ProjectorTrainee trainee(Function<Parameter, float[]> values) {
    return new ProjectorTrainee(
        runtime, checkpoint, input, precision, mostRows(), projector(), values);
  }

  @Override
  public void close() {
    input.close();
    tokenizer.close();
  }
}
