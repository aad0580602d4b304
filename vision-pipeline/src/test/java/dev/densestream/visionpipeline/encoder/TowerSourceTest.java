package dev.densestream.visionpipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tower in a directory of its own, 32 wide, and the copy inside a model, 64 wide. */
class TowerSourceTest {
  private static final String NAME = "openai/clip-small";
  private static final String COPY = "model.vision_tower.vision_tower.vision_model.";
  private static final int LANGUAGE = 7;
  private static final int OF_COPY = 64 * 3 * 2 * 2 + 5 * 64 + 12;
  private static final int OF_DIRECTORY = 32;

  @TempDir Path model;

  private Path tower() {
    return model.resolve(NAME);
  }

  private void model(boolean copy, String more) throws IOException {
    Files.writeString(
        model.resolve("config.json"), "{\"mm_vision_tower\": \"" + NAME + "\"" + more + "}");
    Map<String, long[]> tensors = new LinkedHashMap<>();
    tensors.put("model.norm.weight", new long[] {LANGUAGE});
    if (copy) {
      tensors.put(COPY + "embeddings.patch_embedding.weight", new long[] {64, 3, 2, 2});
      tensors.put(COPY + "embeddings.position_embedding.weight", new long[] {5, 64});
      tensors.put(COPY + "encoder.layers.0.mlp.fc1.bias", new long[] {12});
    }
    write(model.resolve("model.safetensors"), tensors);
  }

  private void directory(boolean weights) throws IOException {
    Files.createDirectories(tower());
    Files.writeString(
        tower().resolve("config.json"),
        """
        {"hidden_size": 32, "intermediate_size": 8, "num_attention_heads": 2,
         "num_hidden_layers": 1, "image_size": 4, "patch_size": 2}
        """);
    if (weights) {
      write(
          tower().resolve("model.safetensors"),
          Map.of(
              "vision_model.pre_layrnorm.weight",
              new long[] {OF_DIRECTORY},
              "text_model.norm.weight",
              new long[] {9}));
    }
  }

  /** Zeros in float32. */
  private static void write(Path file, Map<String, long[]> tensors) throws IOException {
    long[] end = {0};
    String header =
        tensors.entrySet().stream()
            .map(entry -> described(entry.getKey(), entry.getValue(), end))
            .collect(Collectors.joining(",", "{", "}"));
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + json.length + end[0]))
            .order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, all.putLong(json.length).put(json).array());
  }

  private static String described(String key, long[] shape, long[] end) {
    long start = end[0];
    end[0] += Float.BYTES * Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(key, Arrays.toString(shape), start, end[0]);
  }

  private TowerSource find() {
    return TowerSource.find(Checkpoint.open(model), List.of());
  }

  private long parameters() {
    return find().parameters(Checkpoint.open(model), _ -> true);
  }

  @Test
  void takesTheDirectory_whereThereAreBoth() throws IOException {
    model(true, "");
    directory(true);

    assertThat(find().config().width()).isEqualTo(32);
    assertThat(find().weights().has("vision_model.pre_layrnorm.weight")).isTrue();
    assertThat(find().directory()).contains(tower());
    assertThat(parameters()).isEqualTo(LANGUAGE + OF_DIRECTORY);
  }

  @Test
  void takesTheCopysWeights_whereTheDirectoryHasNone() throws IOException {
    model(true, "");
    directory(false);

    assertThat(find().config().width()).isEqualTo(32);
    assertThat(find().weights().has("vision_model.embeddings.patch_embedding.weight")).isTrue();
    assertThat(parameters()).isEqualTo(LANGUAGE + OF_COPY);
  }

  @Test
  void takesTheCopy_whereThereIsNoDirectory() throws IOException {
    model(true, "");

    assertThat(find().config().width()).isEqualTo(64);
    assertThat(find().directory()).isEmpty();
    assertThat(parameters()).isEqualTo(LANGUAGE + OF_COPY);
  }

  @Test
  void takesTheCopy_whereThereIsASecondTower() throws IOException {
    model(true, ", \"mm_vision_tower_aux\": \"laion/none\"");
    directory(true);

    assertThat(find().weights().has("vision_model.embeddings.patch_embedding.weight")).isTrue();
  }

  @Test
  void saysWhatIsMissing_whereThereIsNeither() throws IOException {
    model(false, "");

    assertThatThrownBy(this::find)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "vision tower %s was not found: put its directory beside or inside %s", NAME, model);
  }
}
