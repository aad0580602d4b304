package dev.densestream.answerservice.model;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.generate.EngineSettings;
import dev.densestream.answerservice.generate.LanguageEngine;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisionModel;
import dev.densestream.visionpipeline.VisionSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Loads both halves of a model directory onto one tensor runtime, which goes with them. If anything
 * fails, what was loaded before is closed again.
 */
public final class ModelLoad {
  private final ModelFiles files;
  private final ModelSettings settings;
  private final Precision precision;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private ModelLoad(ModelFiles files, ModelSettings settings) {
    this.files = files;
    this.settings = settings;
    precision = settings.precision().orElseGet(files::precision);
  }

  /** See {@link AnswerModel#load}. */
  public static AnswerModel load(Path directory, ModelSettings settings, MeterRegistry meters) {
    ModelLoad load = new ModelLoad(ModelFiles.read(directory), settings);
    long parameters = VisionModel.parameters(load.files.checkpoint(), load.vision());
    MemoryRoom.now().require(directory, parameters, load.precision);
    try {
      return load.load(directory, meters);
    } catch (RuntimeException e) {
      load.undo.forEach(Runnable::run);
      throw e;
    }
  }

  private AnswerModel load(Path directory, MeterRegistry meters) {
    Tokenizer tokenizer = Tokenizer.open(directory);
    undo.push(tokenizer::close);
    ConversationTemplate template =
        settings
            .conversation()
            .map(ConversationTemplate::named)
            .orElseGet(() -> files.template(tokenizer));
    TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(settings.threads(), "cpu"));
    undo.push(runtime::close);
    VisionEncoder encoder = VisionModel.load(runtime, directory, vision(), meters);
    undo.push(encoder::close);
    LanguageModel model =
        LanguageModel.load(
            runtime,
            LanguageConfig.of(files.checkpoint().config()),
            files.checkpoint(),
            precision,
            tokenizer.length());
    undo.push(model::close);
    EngineSettings bounds = engine(files.stopIds(tokenizer, template), places(model));
    LanguageEngine engine =
        LanguageEngine.start(new LanguageEngine.Parts(model, tokenizer, template, bounds), meters);
    return new AnswerModel(
        files.name(),
        files.notice(),
        new RuntimeOwner(encoder, runtime),
        engine,
        files.framesPerWindow());
  }

  private VisionSettings vision() {
    TokenReduction reduction = settings.reduction().orElseGet(files::reduction);
    return VisionSettings.defaults()
        .withPrecision(towerPrecision())
        .withReduction(reduction)
        .withVideoPooling(settings.videoPooling().orElseGet(() -> files.videoPooling(reduction)))
        .withTowerFolders(settings.visionTowers());
  }

  /**
   * Not 8 bits: how far they move what a trained tower gives has not been measured, and channels
   * much larger than others would make it much (src/docs/vision.md).
   */
  private Precision towerPrecision() {
    return precision == Precision.INT8 ? Precision.BF16 : precision;
  }

  private EngineSettings engine(Set<Integer> stopIds, int places) {
    return new EngineSettings(
        settings.slots(),
        settings.waiting(),
        places,
        EngineSettings.defaults(stopIds).prefillRows(),
        files.lengthLimit(),
        files.maxNewTokens(),
        stopIds);
  }

  /** As many as the budget has, but no more than all slots and as many contexts could ever fill. */
  private int places(LanguageModel model) {
    long most = 2L * settings.slots() * model.config().contextLength();
    return (int) Math.clamp(settings.kvBytes() / model.bytesOfARow(), 1, most);
  }
}
