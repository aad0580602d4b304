package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.framesampler.Frame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** The real tiny model of the fixtures, whole way. */
@ExtendWith(NativeHandles.class)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class VisionModelTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");
  private static final Path VICUNA = GOLDEN.resolve("llava-vicuna/checkpoint");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static VisionSettings settings() {
    return VisionSettings.defaults().withTowerFolders(List.of(GOLDEN.resolve("vision")));
  }

  /** The rows that the original spliced in where -200 stood. */
  @ParameterizedTest
  @CsvSource({
    "llava-vicuna, image, images/wide.png, NONE",
    "llava-mistral, image, images/wide.png, NONE",
    "llava-qwen2, image, images/wide.png, NONE",
    "llava-llama3, image, images/wide.png, NONE",
    "llava-vicuna, video, images/frame0.png, NONE",
    "llava-vicuna, video_pool, images/frame0.png, PAIRWISE_MAX",
    "llava-qwen2, video_pool, images/frame0.png, PAIRWISE_MAX"
  })
  void equalsTheRowsTheOriginalSplicedIn(
      String model, String run, String image, VideoPooling pooling, TensorRuntime runtime)
      throws IOException {
    TensorFile reference = TensorFile.open(GOLDEN.resolve(model).resolve("reference.safetensors"));
    int at = LongStream.of(reference.longs(run + ".input_ids")).boxed().toList().indexOf(-200L);
    float[] spliced = reference.floats(run + ".inputs_embeds");
    VisionSettings settings = settings().withVideoPooling(pooling);
    Path checkpoint = GOLDEN.resolve(model).resolve("checkpoint");
    try (VisionEncoder encoder = VisionModel.load(runtime, checkpoint, settings)) {
      VisualTokens tokens = encoder.encode(image(image)).block(PATIENCE);
      assertThat(tokens).isNotNull();
      assertThat(tokens.tokens()).isEqualTo(encoder.tokensPerFrame());
      assertThat(tokens.channels()).isEqualTo(encoder.channels());
      for (int i = 0; i < tokens.values().length; i++) {
        assertThat(tokens.values()[i])
            .as("element " + i)
            .isEqualTo(spliced[at * encoder.channels() + i], within(1e-4f));
      }
    }
  }

  @Test
  void usesTheCopyInsideTheCheckpoint_whenTheTowerHasNoWeightsOfItsOwn(TensorRuntime runtime)
      throws IOException {
    Path tower = folder.resolve("openai/clip-vit-tiny-patch14-56");
    Files.createDirectories(tower);
    Files.copy(
        GOLDEN.resolve("vision/openai/clip-vit-tiny-patch14-56/config.json"),
        tower.resolve("config.json"));
    VisionSettings copy = VisionSettings.defaults().withTowerFolders(List.of(folder));
    float[] expected;
    try (VisionEncoder encoder = VisionModel.load(runtime, VICUNA, settings())) {
      expected = encode(encoder, image("images/wide.png")).values();
    }
    try (VisionEncoder encoder = VisionModel.load(runtime, VICUNA, copy)) {
      assertThat(encode(encoder, image("images/wide.png")).values())
          .containsExactly(expected, within(1e-4f));
    }
  }

  /** Pixels, tower, connector, projector and packing of all tiles, in all three ways. */
  @ParameterizedTest
  @CsvSource({
    "anyres, spatial_unpad",
    "anyres2, spatial_unpad",
    "anyres3, spatial_unpad",
    "anyres, spatial",
    "anyres3, spatial",
    "anyres2, flat",
    "anyres3, flat"
  })
  void packsTilesAsTheOriginal(String run, String merge, TensorRuntime runtime) throws IOException {
    Path model = changedAnyRes("spatial_unpad", merge);
    TensorFile reference = TensorFile.open(GOLDEN.resolve("llava-anyres/reference.safetensors"));
    try (VisionEncoder encoder = VisionModel.load(runtime, model, settings())) {
      VisualTokens tokens =
          requireNonNull(
              encoder.encode(image("images/" + run + ".png"), FrameView.STILL).block(PATIENCE));
      String key = run + ".packed." + merge;
      assertThat((long) tokens.tokens()).isEqualTo(reference.shape(key).getFirst());
      assertThat(tokens.values()).containsExactly(reference.floats(key), within(1e-4f));
    }
  }

  @Test
  void seesAStillImageInLessDetail_whenFewerTokensAreAllowed(TensorRuntime runtime)
      throws IOException {
    Path model = changedAnyRes("spatial_unpad", "spatial_unpad");
    Frame image = image("images/anyres3.png");
    try (VisionEncoder encoder = VisionModel.load(runtime, model, settings())) {
      assertThat(tokens(encoder, image, FrameView.STILL)).isEqualTo(135);
      assertThat(tokens(encoder, image, FrameView.still(135))).isEqualTo(135);
      int fewer = tokens(encoder, image, FrameView.still(134));
      assertThat(fewer).isBetween(encoder.leastStillTokens() + 1, 134);
      assertThat(tokens(encoder, image, FrameView.still(1))).isEqualTo(encoder.leastStillTokens());
      assertThat(tokens(encoder, image, FrameView.VIDEO)).isEqualTo(25);
    }
  }

  @Test
  void readsPinpointsFromAStringToo(TensorRuntime runtime) throws IOException {
    String config = Files.readString(GOLDEN.resolve("llava-anyres/checkpoint/config.json"));
    int from = config.indexOf('[', config.indexOf("image_grid_pinpoints"));
    int to = config.indexOf("]\n  ]", from) + 5;
    Path model =
        changedAnyRes(config.substring(from, to), "\"[(70, 140), (140, 70), (140, 140)]\"");
    try (VisionEncoder encoder = VisionModel.load(runtime, model, settings())) {
      assertThat(tokens(encoder, image("images/anyres3.png"), FrameView.STILL)).isEqualTo(135);
    }
  }

  private static int tokens(VisionEncoder encoder, Frame frame, FrameView view) {
    return requireNonNull(encoder.encode(frame, view).block(PATIENCE)).tokens();
  }

  private Path changedAnyRes(String old, String now) throws IOException {
    Path original = GOLDEN.resolve("llava-anyres/checkpoint");
    Path changed = Files.createDirectories(folder.resolve("changed"));
    for (String file :
        List.of(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json")) {
      Files.copy(original.resolve(file), changed.resolve(file));
    }
    String config = Files.readString(original.resolve("config.json"));
    assertThat(config).contains(old);
    Files.writeString(changed.resolve("config.json"), config.replace(old, now));
    return changed;
  }

  @Test
  void keepsAQuarterOfTheTokens_whenEfficient(TensorRuntime runtime) throws IOException {
    VisionSettings settings = settings().withReduction(TokenReduction.EFFICIENT);
    try (VisionEncoder encoder = VisionModel.load(runtime, VICUNA, settings)) {
      assertThat(encoder.tokensPerFrame()).isEqualTo(4);
      assertThat(encode(encoder, image("images/wide.png")).values()).hasSize(4 * 64);
    }
  }

  @Test
  void staysCloseInHalfPrecision(TensorRuntime runtime) throws IOException {
    float[] exact = encoded(runtime, Precision.FP32);
    double coarse = error(exact, encoded(runtime, Precision.BF16));

    assertThat(coarse).isBetween(1e-5, 0.05);
    assertThat(error(exact, encoded(runtime, Precision.FP16)))
        .isBetween(1e-5, 0.006)
        .isLessThan(coarse / 4); // three bits more
  }

  private static float[] encoded(TensorRuntime runtime, Precision precision) throws IOException {
    try (VisionEncoder encoder =
        VisionModel.load(runtime, VICUNA, settings().withPrecision(precision))) {
      return encode(encoder, image("images/wide.png")).values();
    }
  }

  /** Root mean square of the differences over that of the exact values. */
  private static double error(float[] exact, float[] close) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      error += Math.pow(exact[i] - close[i], 2);
      size += Math.pow(exact[i], 2);
    }
    return Math.sqrt(error / size);
  }

  /** Three streams at once: each gets its own frames' tokens, in its own order. */
  @Test
  void sharesBatchesBetweenStreams_withoutMixingThemUp(TensorRuntime runtime) throws IOException {
    List<Frame> frames = new ArrayList<>();
    for (String name : List.of("wide", "tall", "square", "small", "frame0", "frame1")) {
      frames.add(image("images/" + name + ".png"));
    }
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Map<Integer, List<VisualTokens>> alone = new TreeMap<>();
    Map<Integer, List<VisualTokens>> together = new TreeMap<>();
    VisionSettings single =
        new VisionSettings(
            TokenReduction.NONE,
            VideoPooling.NONE,
            Precision.FP32,
            1,
            Duration.ZERO,
            1 << 30,
            settings().towerFolders());
    try (VisionEncoder encoder = VisionModel.load(runtime, VICUNA, single)) {
      streams(encoder, frames, 1, alone);
    }
    try (VisionEncoder encoder = VisionModel.load(runtime, VICUNA, settings(), registry)) {
      streams(encoder, frames, 3, together);
    }
    assertThat(registry.get("densestream.encode.batch").summary().max()).isGreaterThan(1);
    for (int stream = 0; stream < 3; stream++) {
      for (int i = 0; i < frames.size(); i++) {
        VisualTokens expected = requireNonNull(alone.get(stream)).get(i);
        VisualTokens actual = requireNonNull(together.get(stream)).get(i);
        assertThat(actual.ptsMicros()).isEqualTo(stream * 1000L + i);
        assertThat(expected.ptsMicros()).isEqualTo(stream * 1000L + i);
        assertThat(actual.values()).containsExactly(expected.values(), within(1e-5f));
      }
    }
  }

  /** Stream s sees the frames rotated by s, so that no two streams expect the same. */
  private static void streams(
      VisionEncoder encoder, List<Frame> frames, int atOnce, Map<Integer, List<VisualTokens>> to) {
    Flux.range(0, 3)
        .flatMap(
            stream ->
                Flux.range(0, frames.size())
                    .map(i -> stamped(frames.get((i + stream) % frames.size()), stream * 1000L + i))
                    .flatMapSequential(encoder::encode, 2, 1)
                    .collectList()
                    .doOnNext(tokens -> put(to, stream, tokens)),
            atOnce,
            1)
        .blockLast(PATIENCE);
  }

  private static void put(
      Map<Integer, List<VisualTokens>> to, int stream, List<VisualTokens> tokens) {
    synchronized (to) {
      to.put(stream, tokens);
    }
  }

  private static Frame stamped(Frame frame, long pts) {
    return new Frame(pts, frame.width(), frame.height(), frame.rgb());
  }

  @Test
  void leavesNoHandle_whenTheModelCannotBeLoaded(TensorRuntime runtime) throws IOException {
    Path broken = folder.resolve("broken");
    Files.createDirectories(broken);
    for (String file :
        List.of(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json")) {
      Files.copy(VICUNA.resolve(file), broken.resolve(file));
    }
    String config = Files.readString(VICUNA.resolve("config.json"));
    Files.writeString(broken.resolve("config.json"), config.replace("mlp2x_gelu", "mlp3x_gelu"));
    assertThatThrownBy(() -> VisionModel.load(runtime, broken, settings()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.mm_projector.4.weight");
  }

  private static VisualTokens encode(VisionEncoder encoder, Frame frame) {
    return requireNonNull(encoder.encode(frame).block(PATIENCE));
  }

  private static Frame image(String path) throws IOException {
    return StillImage.read(Files.readAllBytes(GOLDEN.resolve(path)), 100_000_000);
  }
}
