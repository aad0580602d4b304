package dev.densestream.answerservice.parity;

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
import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.StillImage;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Small checkpoints in the published formats, Mini-Gemini's and one of odd sizes, against the
 * original code's outputs.
 */
@Timeout(300)
class SecondFixturesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ModelSettings EXACT = ModelSettings.defaults().withPrecision(Precision.FP32);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"mgm, 5", "mgm-hd, 10", "llava-odd, 15"})
  void equalsTheOriginal(String kind, int comparisons) {
    List<ParityResult> results =
        LanguageParity.run(RuntimeSettings.defaults(), FIXTURES, kind::equals);

    assertThat(results).hasSize(comparisons);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  @Test
  void misses_whenOneWeightIsPerturbed_theControl() throws IOException {
    copy(FIXTURES, folder);
    perturb("model.vision_tower_aux.vision_stages.1.blocks.0.conv_dw.bias");

    assertThat(LanguageParity.run(RuntimeSettings.defaults(), folder, "mgm"::equals))
        .filteredOn(result -> result.name().endsWith("inputs_embeds"))
        .hasSize(1)
        .noneMatch(ParityResult::passed);
  }

  /** From directory and picture to the words the original gave, as a user's request goes. */
  @ParameterizedTest
  @CsvSource({
    "mgm, image, 9",
    "mgm-hd, image, 45",
    "mgm-hd, image3, 45",
    "llava-odd, image2, 77",
    "llava-odd, image3, 105"
  })
  void answersAsTheOriginal(String kind, String name, int visualTokens) throws IOException {
    JsonNode run =
        JsonMapper.shared()
            .readTree(FIXTURES.resolve(kind).resolve("case.json"))
            .path("runs")
            .path(name);
    Frame picture =
        StillImage.read(
            Files.readAllBytes(FIXTURES.resolve(run.path("images").path(0).asString())), 1 << 20);
    Path directory = FIXTURES.resolve(kind).resolve("checkpoint");
    try (AnswerModel model = AnswerModel.load(directory, EXACT, new SimpleMeterRegistry())) {
      VisualTokens tokens =
          requireNonNull(model.encoder().encode(picture, FrameView.STILL).block(LIMIT));
      Finished answer = ask(model, tokens, run.path("question").asString());

      assertThat(answer.usage().visualTokens()).isEqualTo(visualTokens);
      assertThat(answer.usage().promptTokens()).isEqualTo(run.path("sequence").asInt());
      assertThat(answer.text()).isEqualTo(run.path("decoded").asString());
    }
  }

  private static Finished ask(AnswerModel model, VisualTokens tokens, String question) {
    try (VisualContext context = model.engine().context(List.of(tokens))) {
      AnswerEvent last =
          model
              .engine()
              .answer(context, List.of(Turn.user(question)), GenerationSettings.greedy(8))
              .blockLast(LIMIT);
      assertThat(last).isInstanceOf(Finished.class);
      return (Finished) requireNonNull(last);
    }
  }

  @Test
  void saysWhatIsMissing_withoutTheSecondTower() throws IOException {
    copy(FIXTURES, folder);
    Files.delete(
        folder.resolve("vision/laion/openclip-convnext-small-d-96/open_clip_pytorch_model.bin"));

    assertThatThrownBy(
            () ->
                AnswerModel.load(
                    folder.resolve("mgm-hd/checkpoint"), EXACT, new SimpleMeterRegistry()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("laion/openclip-convnext-small-d-96 was not found")
        .hasMessageContaining("open_clip_pytorch_model.bin");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = to.resolve(from.relativize(file));
        Files.createDirectories(requireNonNull(copied.getParent()));
        Files.copy(file, copied);
      }
    }
  }

  /** Makes the first value of a float16 tensor 2. */
  private void perturb(String key) throws IOException {
    Path checkpoint = folder.resolve("mgm/checkpoint");
    Path shard =
        checkpoint.resolve(
            JsonMapper.shared()
                .readTree(checkpoint.resolve("model.safetensors.index.json"))
                .path("weight_map")
                .path(key)
                .asString());
    byte[] bytes = Files.readAllBytes(shard);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonNode tensor =
        JsonMapper.shared()
            .readTree(new String(bytes, Long.BYTES, header, StandardCharsets.UTF_8))
            .path(key);
    int at = Long.BYTES + header + tensor.path("data_offsets").path(0).asInt();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(at, Float.floatToFloat16(2));
    Files.write(shard, bytes);
  }
}
