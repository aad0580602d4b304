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
                + " was [64]");
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
  void saysThatPicklesAreNotSupported() {
    assertThatThrownBy(() -> Checkpoint.open(GOLDEN.resolve("llava-phi/checkpoint")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("pytorch_model*.bin, which is not supported yet");
  }

  @Test
  void refusesAnIndexThatLeadsOutOfTheDirectory() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"a\":\"../other.safetensors\"}}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("names ../other.safetensors");
  }

  @Test
  void refusesADirectoryWithoutWeightsOrConfig() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), "{}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("has neither model.safetensors nor");
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
}
