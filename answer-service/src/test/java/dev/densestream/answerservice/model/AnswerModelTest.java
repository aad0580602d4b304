package dev.densestream.answerservice.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.Finished;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.StillImage;
import dev.densestream.visionpipeline.VideoPooling;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class AnswerModelTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static Frame noise(long seed) {
    byte[] rgb = new byte[160 * 90 * 3];
    new Random(seed).nextBytes(rgb);
    return new Frame(seed, 160, 90, rgb);
  }

  private static Finished ask(AnswerModel model, List<VisualTokens> frames) {
    try (VisualContext context = model.engine().context(frames)) {
      AnswerEvent last =
          model
              .engine()
              .answer(context, List.of(Turn.user("What is it?")), GenerationSettings.greedy(100))
              .blockLast(LIMIT);
      assertThat(last).isInstanceOf(Finished.class);
      return (Finished) requireNonNull(last);
    }
  }

  private static List<VisualTokens> encode(AnswerModel model, long... seeds) {
    return Flux.fromStream(Arrays.stream(seeds).boxed())
        .concatMap(seed -> model.encoder().encode(noise(seed)), 1)
        .collectList()
        .blockOptional(LIMIT)
        .orElseThrow();
  }

  @Test
  void answersInWords_andSaysWhatItIs() {
    try (AnswerModel model =
        AnswerModel.demo(ModelSettings.defaults(), new SimpleMeterRegistry())) {
      assertThat(model.notice()).startsWith("demo model");
      assertThat(model.encoder().tokensPerFrame()).isEqualTo(25);

      Finished answer = ask(model, encode(model, 1, 2, 3, 4));

      assertThat(answer.text()).matches("[A-Za-z0-9]+[.:]?( [A-Za-z0-9]+[.:]?)*");
      assertThat(answer.usage().visualTokens()).isEqualTo(100);
      assertThat(ask(model, encode(model, 1, 2, 3, 4)).text()).isEqualTo(answer.text());
    }
  }

  @Test
  void answersEightQuestionsOfOneWindow_asOneAtATime() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ModelSettings exact = ModelSettings.defaults().withPrecision(Precision.FP32);
    try (AnswerModel model = AnswerModel.demo(exact, meters)) {
      List<VisualTokens> frames = encode(model, 1, 2, 3, 4);
      List<String> alone = asked(model, frames, 1);
      assertThat(meters.get("densestream.language.decode.together").summary().max()).isOne();

      assertThat(asked(model, frames, 8)).hasSize(8).isEqualTo(alone);
      assertThat(meters.get("densestream.language.decode.together").summary().max())
          .isGreaterThan(1);
    }
  }

  /** Texts and how many tokens they took, so many questions at once. */
  private static List<String> asked(AnswerModel model, List<VisualTokens> frames, int atOnce) {
    try (VisualContext context = model.engine().context(frames)) {
      return Flux.range(0, 8)
          .map(i -> "What of number " + "1".repeat(i + 1) + "?")
          .flatMapSequential(
              question ->
                  model
                      .engine()
                      .answer(context, List.of(Turn.user(question)), GenerationSettings.greedy(100))
                      .ofType(Finished.class)
                      .map(end -> end.text() + end.usage().completionTokens()),
              atOnce)
          .collectList()
          .blockOptional(LIMIT)
          .orElseThrow();
    }
  }

  @Test
  void deletesItsCopy_onceLoaded() {
    List<Path> copies = new ArrayList<>();
    DemoModel.unpackedWhile(
            directory -> {
              assertThat(directory.resolve("model.safetensors")).exists();
              copies.add(directory);
              return AnswerModel.load(
                  directory, ModelSettings.defaults(), new SimpleMeterRegistry());
            })
        .close();

    assertThat(copies).singleElement().satisfies(copy -> assertThat(copy).doesNotExist());
  }

  /** A file that is not copied would be missed on machines that run the jar alone. */
  @Test
  void copiesEveryFileOfItsFolder_butWhatTellsAboutIt() throws Exception {
    Path folder =
        Path.of(requireNonNull(DemoModel.class.getResource("/demo/model/config.json")).toURI())
            .resolveSibling("");
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> folder.relativize(file).toString())
                  .filter(name -> !name.equals("README.md")))
          .containsExactlyInAnyOrderElementsOf(DemoModelFiles.NAMES);
    }
  }

  @Test
  void answersFromAModelAsPublished() {
    Path golden = Path.of(System.getProperty("densestream.fixtures")).resolve("golden");
    Path directory = golden.resolve("llava-vicuna/checkpoint");
    try (AnswerModel model =
        AnswerModel.load(directory, ModelSettings.defaults(), new SimpleMeterRegistry())) {
      assertThat(model.name()).isEqualTo("checkpoint");
      assertThat(model.notice()).isEmpty();
      // A video's frames are pooled over pairs, as all released scripts do; a picture is not.
      assertThat(ask(model, encode(model, 1, 2)).usage().visualTokens()).isEqualTo(16);
      VisualTokens still =
          requireNonNull(model.encoder().encode(noise(1), FrameView.STILL).block(LIMIT));
      assertThat(ask(model, List.of(still)).usage().visualTokens()).isEqualTo(16);
    }
    ModelSettings unpooled = ModelSettings.defaults().withVideoPooling(VideoPooling.NONE);
    try (AnswerModel model = AnswerModel.load(directory, unpooled, new SimpleMeterRegistry())) {
      assertThat(ask(model, encode(model, 1, 2)).usage().visualTokens()).isEqualTo(32);
    }
  }

  /** From the directory and a picture's file to the words the original gave. */
  @Test
  void answersAboutAPictureInTilesAsTheOriginal() throws IOException {
    Path golden = Path.of(System.getProperty("densestream.fixtures")).resolve("golden");
    JsonNode run =
        JsonMapper.shared()
            .readTree(golden.resolve("llava-anyres/case.json"))
            .path("runs")
            .path("anyres");
    Path directory = golden.resolve("llava-anyres/checkpoint");
    Frame picture =
        StillImage.read(
            Files.readAllBytes(golden.resolve(run.path("images").path(0).asString())), 1 << 20);
    try (AnswerModel model =
        AnswerModel.load(directory, ModelSettings.defaults(), new SimpleMeterRegistry())) {
      VisualTokens tokens =
          requireNonNull(model.encoder().encode(picture, FrameView.STILL).block(LIMIT));
      try (VisualContext context = model.engine().context(List.of(tokens))) {
        AnswerEvent last =
            model
                .engine()
                .answer(
                    context,
                    List.of(Turn.user(run.path("question").asString())),
                    GenerationSettings.greedy(run.path("greedy").size()))
                .blockLast(LIMIT);
        assertThat(last).isInstanceOf(Finished.class);
        Finished answer = (Finished) requireNonNull(last);
        assertThat(answer.usage().visualTokens()).isEqualTo(run.path("image_tokens").asInt());
        assertThat(answer.usage().promptTokens()).isEqualTo(run.path("sequence").asInt());
        assertThat(answer.text()).isEqualTo(run.path("text").asString().strip());
      }
    }
  }

  @Test
  void namesFileAndKey_whenADirectoryCannotBeServed(@TempDir Path directory) throws IOException {
    DemoModel.unpack(directory);
    Path config = directory.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"hidden_size\"", "\"other\""));

    assertThatThrownBy(
            () -> AnswerModel.load(directory, ModelSettings.defaults(), new SimpleMeterRegistry()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("hidden_size");
  }
}
