package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotaryTest {
  @TempDir private Path folder;

  private Rotary read(String json) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, json);
    return Rotary.of(ModelConfig.read(file), 128);
  }

  @Test
  void scalesAsLlama31_slowWavesDividedFastOnesKept() throws IOException {
    Rotary rotary =
        read(
            """
            {"rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", "factor": 8.0,
             "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 8192}}""");
    float[] plain = read("{\"rope_theta\": 500000.0}").frequencies();
    float[] scaled = rotary.frequencies();

    assertThat(scaled[0]).isEqualTo(plain[0]);
    assertThat(scaled[63]).isCloseTo(plain[63] / 8, within(1e-12f));
    int between = 0;
    for (int i = 0; i < 64; i++) {
      double length = 2 * Math.PI / plain[i];
      if (length > 8192 / 4.0 && length < 8192) {
        double smooth = (8192 / length - 1) / 3;
        double expected = (1 - smooth) * plain[i] / 8 + smooth * plain[i];
        assertThat(scaled[i]).isCloseTo((float) expected, within(1e-9f));
        assertThat(scaled[i]).isBetween(plain[i] / 8, plain[i]);
        between++;
      }
    }
    assertThat(between).isPositive();
  }

  @Test
  void dividesEveryFrequency_whenScalingIsLinear() throws IOException {
    float[] scaled =
        read("{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}}").frequencies();
    float[] plain = read("{\"rope_scaling\": null}").frequencies();

    for (int i = 0; i < plain.length; i++) {
      assertThat(scaled[i]).isEqualTo(plain[i] / 2);
    }
  }

  @Test
  void readsWhatNewerFilesSay() throws IOException {
    Rotary rotary =
        read("{\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 5000000.0}}");

    assertThat(rotary.theta()).isEqualTo(5_000_000);
  }

  @Test
  void refusesAScalingItDoesNotKnow_namingFileAndKey() {
    assertThatThrownBy(() -> read("{\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0}}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("key rope_scaling has type yarn");
    assertThatThrownBy(() -> read("{\"rope_scaling\": {\"type\": \"linear\"}}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("rope_scaling.factor");
  }
}
