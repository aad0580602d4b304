package dev.densestream.answerservice.model;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.generate.EngineSettings;
import dev.densestream.answerservice.generate.LanguageEngine;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.MemoryExhaustedException;
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
  /** Parameters below which one thread is faster than several (src/docs/benchmarks.md). */
  private static final long SMALL = 20_000_000;

  private final ModelFiles files;
  private final ModelSettings settings;
  private final Precision precision;
  private final LanguageConfig config;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private ModelLoad(ModelFiles files, ModelSettings settings) {
    this.files = files;
    this.settings = settings;
    precision = settings.precision().orElseGet(files::precision);
    config = LanguageConfig.of(files.checkpoint().config());
  }

  /** See {@link AnswerModel#load}. */
  public static AnswerModel load(Path directory, ModelSettings settings, MeterRegistry meters) {
    return load(directory, settings, meters, MemoryRoom.now());
  }

  static AnswerModel load(
      Path directory, ModelSettings settings, MeterRegistry meters, MemoryRoom room) {
    settings.precision().ifPresent(asked -> asked.requireDevice(settings.device()));
    ModelLoad load = new ModelLoad(ModelFiles.read(directory), settings);
    if (settings.device().equals(RuntimeSettings.CPU)) {
      room.require(directory, load.need()); // a GPU says itself when it is full
    }
    try {
      return load.load(directory, meters);
    } catch (MemoryExhaustedException | OutOfMemoryError e) {
      load.undo.forEach(Runnable::run);
      throw noMemory(directory, e);
    } catch (RuntimeException e) {
      load.undo.forEach(Runnable::run);
      throw e;
    }
  }

  private static CheckpointException noMemory(Path directory, Throwable cause) {
    String what =
        cause instanceof OutOfMemoryError
            ? "Java's heap is full: raise its limit (-Xmx in JAVA_OPTS), or choose a smaller model"
            : "no memory is left: choose a smaller --precision, model or"
                + " densestream.model.kv-cache, or a machine with more memory";
    return new CheckpointException("while loading " + directory + " " + what, cause);
  }

  private MemoryRoom.Need need() {
    Checkpoint checkpoint = files.checkpoint();
    long all = VisionModel.parameters(checkpoint, vision(), _ -> true);
    long bytes = all * (precision == Precision.FP32 ? Float.BYTES : Short.BYTES);
    if (precision.wholeNumbers()) {
      long whole = VisionModel.parameters(checkpoint, vision(), LanguageModel::inEightBits);
      bytes -= whole;
      bytes += precision == Precision.INT4 ? whole * 9 / 16 : 0; // 4 bits, and scales
    }
    return new MemoryRoom.Need(bytes, places() * config.bytesOfARow(precision), precision);
  }

  private AnswerModel load(Path directory, MeterRegistry meters) {
    Tokenizer tokenizer = Tokenizer.open(directory);
    undo.push(tokenizer::close);
    ConversationTemplate template =
        settings
            .conversation()
            .map(ConversationTemplate::named)
            .orElseGet(() -> files.template(tokenizer));
    TensorRuntime runtime = TensorRuntime.open(engine());
    undo.push(runtime::close);
    VisionEncoder encoder = VisionModel.load(runtime, directory, vision(), meters);
    undo.push(encoder::close);
    LanguageModel model =
        LanguageModel.load(runtime, config, files.checkpoint(), precision, tokenizer.length());
    undo.push(model::close);
    runtime.trim();
    EngineSettings bounds = engine(model.prefillRows(), files.stopIds(tokenizer, template));
    LanguageEngine engine =
        LanguageEngine.start(new LanguageEngine.Parts(model, tokenizer, template, bounds), meters);
    return new AnswerModel(
        files.name(),
        files.notice(),
        new RuntimeOwner(encoder, runtime),
        engine,
        files.framesPerWindow());
  }

  /**
   * Of one operator.
   *
   * @param asked by the settings, 0 for none
   * @param parameters of the model
   */
  static int threads(int asked, long parameters, int cores) {
    if (asked > 0) {
      return asked;
    }
    return parameters < SMALL ? 1 : cores;
  }

  private RuntimeSettings engine() {
    long parameters = VisionModel.parameters(files.checkpoint(), vision(), _ -> true);
    int cores = Runtime.getRuntime().availableProcessors();
    return new RuntimeSettings(threads(settings.threads(), parameters, cores), settings.device());
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
    return precision.wholeNumbers() ? Precision.BF16 : precision;
  }

  private EngineSettings engine(int prefillRows, Set<Integer> stopIds) {
    return new EngineSettings(
        settings.slots(),
        settings.waiting(),
        places(),
        prefillRows,
        files.lengthLimit(),
        files.maxNewTokens(),
        stopIds);
  }

  /** As many as the budget has, but no more than all slots and as many contexts could ever fill. */
  private int places() {
    long most = 2L * settings.slots() * config.contextLength();
    long bounded = Math.min(most, Integer.MAX_VALUE - 1);
    return (int) Math.clamp(settings.kvBytes() / config.bytesOfARow(precision), 1, bounded);
  }
}
