package dev.densestream.trainer.train.clips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published format, file by file: who reads its weights finds the projector learnt. */
class TunedModelTest {
  private static final String WEIGHT = "model.mm_projector.0.weight";
  private static final String NORM = "model.norm.weight";
  private static final float OLD = 1;
  private static final float NEW = 2;

  @TempDir Path folder;
  private final List<Parameter> projector = ParameterTable.projector("mlp2x_gelu", 6, 4);
  private Path source = Path.of("");
  private Path tuned = Path.of("");

  @BeforeEach
  void directories() throws IOException {
    source = Files.createDirectories(folder.resolve("source"));
    tuned = folder.resolve("tuned");
    Files.writeString(source.resolve("config.json"), "{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "pytorch_model.bin"})
  void isInTheOneFile(String file) throws IOException {
    write(file, projector, true);
    tune();
    assertThat(value(tuned, file, WEIGHT)).isEqualTo(NEW);
    assertThat(value(source, file, WEIGHT)).as("control").isEqualTo(OLD);
    assertThat(value(tuned, file, NORM)).isEqualTo(OLD);
    assertLoads();
    assertThat(names(tuned)).containsExactlyInAnyOrder("config.json", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model-%d.safetensors", "pytorch_model-%d.bin"})
  void isInTheShardsThatHoldIt(String shard) throws IOException {
    String first = shard.formatted(1);
    String second = shard.formatted(2);
    write(first, List.of(), true);
    write(second, projector.subList(0, 2), false);
    String third = shard.formatted(3);
    write(third, projector.subList(2, 4), false);
    String index =
        (shard.endsWith(".bin") ? "pytorch_model.bin" : "model.safetensors") + ".index.json";
    Files.writeString(
        source.resolve(index),
        """
        {"weight_map": {"model.norm.weight": "%s", "model.mm_projector.0.weight": "%s",
          "model.mm_projector.0.bias": "%s", "model.mm_projector.2.weight": "%s",
          "model.mm_projector.2.bias": "%s"}}
        """
            .formatted(first, second, second, third, third));
    tune();
    assertThat(value(tuned, second, WEIGHT)).isEqualTo(NEW);
    assertThat(value(tuned, third, "model.mm_projector.2.bias")).isEqualTo(NEW);
    assertThat(value(source, second, WEIGHT)).as("control").isEqualTo(OLD);
    assertThat(Files.mismatch(source.resolve(first), tuned.resolve(first))).isEqualTo(-1);
    assertThat(Files.mismatch(source.resolve(index), tuned.resolve(index))).isEqualTo(-1);
    assertLoads();
  }

  /** As the original's first stage leaves it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isAFileOfItsOwn_besideALanguageModelWithoutOne(boolean before) throws IOException {
    write("model.safetensors", List.of(), true);
    if (before) {
      write("mm_projector.bin", projector, false);
    }
    tune();
    assertThat(TensorFile.open(tuned.resolve("mm_projector.bin")).keys())
        .containsExactlyInAnyOrderElementsOf(projector.stream().map(Parameter::key).toList());
    assertThat(value(tuned, "mm_projector.bin", WEIGHT)).isEqualTo(NEW);
    assertLoads();
  }

  @Test
  void leavesNoOlderProjectorBehind() throws IOException {
    write("model.safetensors", projector, true);
    write("pytorch_model.bin", projector, true);
    write("mm_projector.bin", projector, false);
    tune();
    assertThat(names(tuned)).containsExactlyInAnyOrder("config.json", "model.safetensors");
    assertThat(names(source)).as("control").hasSize(4);
  }

  /** A link into the source, which an older version made, is replaced and not written through. */
  @Test
  void leavesTheSourceAsItIs() throws IOException {
    write("model.safetensors", projector, true);
    Files.createDirectories(tuned);
    Files.createLink(tuned.resolve("model.safetensors"), source.resolve("model.safetensors"));
    tune();
    assertThat(value(tuned, "model.safetensors", WEIGHT)).isEqualTo(NEW);
    assertThat(value(source, "model.safetensors", WEIGHT)).isEqualTo(OLD);
  }

  @Test
  void takesAWiderProjector_thanThereWas() throws IOException {
    write("model.safetensors", ParameterTable.projector("mlp2x_gelu", 2, 4), true);
    tune();
    TensorFile weights = TensorFile.open(tuned.resolve("model.safetensors"));
    assertThat(weights.shape(WEIGHT)).containsExactly(4L, 6L);
    assertLoads();
  }

  @Test
  void refusesAModelWithAProjectorOfAnotherKind() throws IOException {
    write("model.safetensors", ParameterTable.projector("linear", 6, 4), true);
    assertThatThrownBy(this::tune)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(WEIGHT);
  }

  private void tune() throws IOException {
    TunedModel model = new TunedModel(tuned, Checkpoint.open(source), projector);
    model.take(Optional.empty());
    Map<String, float[]> values = new HashMap<>();
    projector.forEach(parameter -> values.put(parameter.key(), all(parameter, NEW)));
    model.write(values);
  }

  private void write(String file, List<Parameter> parameters, boolean norm) throws IOException {
    Stream<TensorValues> tensors =
        parameters.stream().map(one -> new TensorValues(one.key(), one.shape(), all(one, OLD)));
    Stream<TensorValues> others =
        norm ? Stream.of(new TensorValues(NORM, new long[] {1}, new float[] {OLD})) : Stream.of();
    TensorFile.write(
        source.resolve(file), ElementType.FP32, Stream.concat(tensors, others).toList());
  }

  private static float[] all(Parameter parameter, float value) {
    float[] values = new float[parameter.size()];
    Arrays.fill(values, value);
    return values;
  }

  /** Read as a file by itself: nothing here knows what else the directory holds. */
  private static float value(Path directory, String file, String key) {
    return TensorFile.open(directory.resolve(file)).floats(key)[0];
  }

  /** By what loads models, too. */
  private void assertLoads() {
    Checkpoint read = Checkpoint.open(tuned);
    for (Parameter parameter : projector) {
      String file = String.valueOf(read.fileOf(parameter.key()).getFileName());
      assertThat(value(tuned, file, parameter.key())).isEqualTo(NEW);
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
