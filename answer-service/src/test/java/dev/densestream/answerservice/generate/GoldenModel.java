package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.VisualTokens;
import dev.densestream.visionpipeline.Weights;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An engine on the tiny Vicuna fixture, and what the original answered. */
final class GoldenModel implements AutoCloseable {
  private static final Path FOLDER =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden/llava-vicuna");
  private static final TensorFile REFERENCE =
      TensorFile.open(FOLDER.resolve("reference.safetensors"));
  private static final JsonNode RUNS =
      JsonMapper.shared().readTree(FOLDER.resolve("case.json")).path("runs");

  final TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final LanguageEngine engine;

  GoldenModel() {
    this(EngineSettings.defaults(Set.of(2)));
  }

  GoldenModel(EngineSettings settings) {
    this(settings, tokenizer -> tokenizer);
  }

  /** With something around the tokenizer. */
  GoldenModel(EngineSettings settings, UnaryOperator<Tokenizer> around) {
    this(settings, around, LanguageModel::load);
  }

  /** By the program of a GPU. */
  static GoldenModel asOnGpu() {
    return asOnGpu(Precision.FP32);
  }

  static GoldenModel asOnGpu(Precision precision) {
    return new GoldenModel(
        EngineSettings.defaults(Set.of(2)),
        tokenizer -> tokenizer,
        (runtime, config, source, _, vocabulary) ->
            LanguageModel.loadAsOnGpu(runtime, config, source, precision, vocabulary));
  }

  private interface Loading {
    LanguageModel load(
        TensorRuntime runtime,
        LanguageConfig config,
        Weights source,
        Precision precision,
        int vocabulary);
  }

  private GoldenModel(EngineSettings settings, UnaryOperator<Tokenizer> around, Loading loading) {
    Checkpoint checkpoint = Checkpoint.open(FOLDER.resolve("checkpoint"));
    Tokenizer tokenizer = around.apply(Tokenizer.open(checkpoint.directory()));
    LanguageModel model =
        loading.load(
            runtime,
            LanguageConfig.of(checkpoint.config()),
            checkpoint,
            Precision.FP32,
            tokenizer.length());
    engine =
        LanguageEngine.start(
            new LanguageEngine.Parts(
                model, tokenizer, ConversationTemplate.named("vicuna_v1"), settings),
            meters);
  }

  static List<Turn> question(String run) {
    return List.of(Turn.user(RUNS.path(run).path("question").asString()));
  }

  static String text(String run) {
    return RUNS.path(run).path("text").asString().strip();
  }

  static int sequence(String run) {
    return RUNS.path(run).path("sequence").asInt();
  }

  /** The visual rows that the original spliced in, as one frame. */
  static List<VisualTokens> visual(String run) {
    Checkpoint checkpoint = Checkpoint.open(FOLDER.resolve("checkpoint"));
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint.directory())) {
      String prompt = RUNS.path(run).path("prompt").asString();
      int before = ImagePrompt.of(tokenizer, prompt).stretches().getFirst().size();
      int tokens = RUNS.path(run).path("image_tokens").asInt();
      float[] rows = REFERENCE.floats(run + ".inputs_embeds");
      int width = 64;
      return List.of(
          new VisualTokens(
              0,
              tokens,
              width,
              Arrays.copyOfRange(rows, before * width, (before + tokens) * width)));
    }
  }

  double count(String meter, String... tags) {
    return meters.get(meter).tags(tags).counter().count();
  }

  double gauge(String meter) {
    return meters.get(meter).gauge().value();
  }

  @Override
  public void close() {
    engine.close();
    runtime.close();
  }
}
