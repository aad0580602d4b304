package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NativeHandles.class)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class CheckpointTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");

  @TempDir Path folder;

  @Test
  void mapsShardsAsStored(TensorRuntime runtime) {
    Path directory = GOLDEN.resolve("llava-vicuna/checkpoint");
    Checkpoint checkpoint = Checkpoint.open(directory);
    String key = "model.embed_tokens.weight";
    assertThat(checkpoint.keys()).hasSize(79 + 346).contains("lm_head.weight");
    assertThat(checkpoint.shape(key)).containsExactly(800L, 64L);
    try (Tensor embedding = checkpoint.tensor(runtime, key, Precision.FP32, 800, -1)) {
      TensorFile shard = TensorFile.open(directory.resolve("model-00001-of-00002.safetensors"));
      assertThat(embedding.toFloats()).containsExactly(shard.floats(key));
    }
  }

  @Test
  void namesFileKeyAndShapes_whenAWeightDoesNotFit(TensorRuntime runtime) {
    Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("llava-vicuna/checkpoint"));
    assertThatThrownBy(() -> checkpoint.tensor(runtime, "model.norm.weight", Precision.FP32, 65))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "model-00001-of-00002.safetensors: tensor model.norm.weight must have shape [65]:"
                + " was [64]; are config.json and weights of the same model?");
    assertThatThrownBy(() -> checkpoint.tensor(runtime, "model.nothing", Precision.FP32))
        .hasMessageContaining("has no tensor model.nothing");
  }

  @Test
  void readsTypedSettings() {
    ModelConfig config = Checkpoint.open(GOLDEN.resolve("llava-vicuna/checkpoint")).config();
    assertThat(config.string("mm_dense_connector_type")).isEqualTo("dci");
    assertThat(config.positive("hidden_size")).isEqualTo(64);
    assertThat(config.number("rope_theta", 1)).isEqualTo(10000);
    assertThat(config.flag("use_cache", false)).isTrue();
    assertThat(config.integer("absent", 7)).isEqualTo(7);
    assertThat(config.string("rope_scaling", "none")).isEqualTo("none");
    assertThatThrownBy(() -> config.integer("model_type"))
        .hasMessageContaining("key model_type must be a whole number: was \"llava_llama\"");
    assertThatThrownBy(() -> config.string("absent")).hasMessageContaining("has no key absent");
  }

  @Test
  void readsPicklesAsTheSameWeightsInSafetensors(TensorRuntime runtime) throws IOException {
    Path tower = GOLDEN.resolve("vision/openai/clip-vit-tiny-patch14-56");
    Files.copy(tower.resolve("config.json"), folder.resolve("config.json"));
    Files.copy(tower.resolve("pytorch_model.bin"), folder.resolve("pytorch_model.bin"));
    Checkpoint pickled = Checkpoint.open(folder);
    Checkpoint plain = Checkpoint.open(tower);
    assertThat(pickled.keys()).containsAll(plain.keys()).hasSizeGreaterThan(400);
    for (String key : plain.keys()) {
      try (Tensor one = pickled.tensor(runtime, key, Precision.FP32);
          Tensor other = plain.tensor(runtime, key, Precision.FP32)) {
        assertThat(one.shape()).as(key).isEqualTo(other.shape());
        assertThat(one.toFloats()).as(key).isEqualTo(other.toFloats());
      }
    }
  }

  @Test
  void readsShardedPickles(TensorRuntime runtime) {
    Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("llava-phi/checkpoint"));
    assertThat(checkpoint.keys()).contains("lm_head.bias", "model.embed_tokens.weight");
    try (Tensor bias = checkpoint.tensor(runtime, "lm_head.bias", Precision.FP32, 515)) {
      assertThat(bias.toFloats()).doesNotContain(Float.NaN);
    }
  }

  /** A download cache keeps the content elsewhere and links to it by relative paths. */
  @Test
  void followsTheLinksOfADownloadCache() throws IOException {
    Path model = GOLDEN.resolve("llava-phi/checkpoint");
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("snapshots/0f89"));
    try (var files = Files.list(model)) {
      for (Path file : files.toList()) {
        String blob = Integer.toHexString(file.hashCode());
        Files.copy(file, blobs.resolve(blob));
        Files.createSymbolicLink(
            snapshot.resolve(file.getFileName()), Path.of("../../blobs", blob));
      }
    }
    assertThat(Checkpoint.open(snapshot).keys()).isEqualTo(Checkpoint.open(model).keys());
  }

  @Test
  void namesTheShardThatIsMissing() throws IOException {
    Path model = GOLDEN.resolve("llava-phi/checkpoint");
    for (String file : new String[] {"config.json", "pytorch_model.bin.index.json"}) {
      Files.copy(model.resolve(file), folder.resolve(file));
    }
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "shard pytorch_model-00002-of-00002.bin is missing in "
                + folder
                + ", and pytorch_model.bin.index.json names it: download it too");
  }

  @Test
  void refusesAnIndexThatLeadsOutOfTheDirectory() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"a\":\"../other.safetensors\"}}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("names the shard ../other.safetensors");
  }

  @Test
  void refusesADirectoryWithoutWeightsOrConfig() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), "{}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("has no weights: none of model.safetensors, ");
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("absent")))
        .hasMessageContaining("does not exist");
  }

  @Test
  void makesRandomWeightsInTheAskedShape(TensorRuntime runtime) {
    try (Tensor weight = Weights.random().tensor(runtime, "any", Precision.FP32, 3, 5)) {
      assertThat(weight.shape()).containsExactly(3, 5);
      assertThat(weight.toFloats()).doesNotContain(Float.NaN);
    }
  }

  /** How many bits behind a number's first one are ever set. */
  @ParameterizedTest
  @CsvSource({"FP32, 11, 23", "FP16, 8, 10", "BF16, 5, 7"})
  void makesRandomWeightsOfThePrecision(
      Precision precision, int least, int most, TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor weight = Weights.random().tensor(runtime, "any", precision, 100);
        Tensor wide = program.call("as_float", weight)) {
      int set = 0;
      for (float value : wide.toFloats()) {
        set |= Float.floatToRawIntBits(value);
      }
      int unused = Math.min(23, Integer.numberOfTrailingZeros(set));
      assertThat(23 - unused).isBetween(least, most);
    }
  }
}
