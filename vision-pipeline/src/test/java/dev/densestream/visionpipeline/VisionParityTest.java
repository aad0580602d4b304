package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.ParityResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
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
class VisionParityTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "preprocess,36",
    "clip,3",
    "siglip,3",
    "connector,30",
    "connector-full-grid,30",
    "resolutions,62",
    "mining,2"
  })
  void equalsTheOriginal(String kind, int comparisons, TensorRuntime runtime) {
    List<ParityResult> results = VisionParity.run(runtime, GOLDEN, kind::equals);
    assertThat(results).hasSize(comparisons).allMatch(ParityResult::passed);
  }

  @Test
  void misses_whenOneWeightIsPerturbed_theControl(TensorRuntime runtime) throws IOException {
    copy("clip");
    copy("images");
    copy("vision");
    String tower = "vision/openai/clip-vit-tiny-patch14-56/model.safetensors";
    Path weights = folder.resolve(tower);
    byte[] bytes = Files.readAllBytes(weights);
    assertThat(VisionParity.run(runtime, folder, "clip"::equals)).allMatch(ParityResult::passed);
    perturb(bytes, "vision_model.encoder.layers.5.mlp.fc1.bias");
    Files.write(weights, bytes);
    assertThat(VisionParity.run(runtime, folder, "clip"::equals))
        .filteredOn(result -> !result.passed())
        .extracting(ParityResult::name)
        .containsExactly("hidden_states.0..24", "selected");
  }

  /** Adds 0.01 or so to the first element: its exponent is raised. */
  private static void perturb(byte[] file, String key) {
    String header = new String(file, 0, 100_000, StandardCharsets.ISO_8859_1);
    int entry = header.indexOf("\"" + key + "\"");
    int offsets = header.indexOf("\"data_offsets\":[", entry) + 16;
    long begin = Long.parseLong(header.substring(offsets, header.indexOf(',', offsets)));
    long headerBytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    ByteBuffer element = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = (int) (8 + headerBytes + begin);
    element.putFloat(at, element.getFloat(at) + 0.01f);
  }

  private void copy(String part) throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN.resolve(part))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve(GOLDEN.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
