package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an absent key means is what it means to the original. */
class LanguageConfigTest {
  @TempDir Path folder;

  private LanguageConfig read(String type, String more) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        """
        {"model_type": "%s", "num_hidden_layers": 1, "hidden_size": 640, "num_attention_heads": 32,
         "intermediate_size": 8, "vocab_size": 9 %s}"""
            .formatted(type, more));
    return LanguageConfig.of(ModelConfig.read(file));
  }

  @ParameterizedTest
  @CsvSource({
    "llava_llama, llama",
    "llava, llama",
    "mgm, llama",
    "llama, llama",
    "mgm_mistral, mistral",
    "llava_mistral, mistral",
    "llava_qwen2, qwen2",
    "phi, phi"
  })
  void takesTheFamilyFromTheModelType(String type, String family) throws IOException {
    assertThat(read(type, "").family()).hasToString(family);
  }

  @ParameterizedTest
  @CsvSource({"llama, 1e-6", "mistral, 1e-6", "qwen2, 1e-6", "phi, 1e-5"})
  void normalisesAsTheLibrary_withoutAnEpsilon(String type, double epsilon) throws IOException {
    assertThat(read(type, "").normEpsilon()).isEqualTo(epsilon);
    assertThat(read(type, ", \"rms_norm_eps\": 0.5, \"layer_norm_eps\": 0.5").normEpsilon())
        .isEqualTo(0.5);
  }

  @Test
  void seesMistralsWindow_unlessTheKeyIsNull() throws IOException {
    assertThat(read("mistral", "").slidingWindow()).isEqualTo(4096);
    assertThat(read("mistral", ", \"sliding_window\": null").slidingWindow()).isZero();
    assertThat(read("mistral", ", \"sliding_window\": 17").slidingWindow()).isEqualTo(17);
    assertThat(read("llama", ", \"sliding_window\": 17").slidingWindow()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"llama, 32, 2048", "mistral, 8, 131072", "qwen2, 32, 32768", "phi, 32, 2048"})
  void hasTheLibrarysHeadsAndPositions_unlessTheyAreSaid(String type, int stored, int positions)
      throws IOException {
    assertThat(read(type, "").shape().keyValueHeads()).isEqualTo(stored);
    assertThat(read(type, "").contextLength()).isEqualTo(positions);
    assertThat(read(type, ", \"num_key_value_heads\": null").shape().keyValueHeads()).isEqualTo(32);

    LanguageConfig said =
        read(type, ", \"num_key_value_heads\": 4, \"max_position_embeddings\": 99");
    assertThat(said.shape().keyValueHeads()).isEqualTo(4);
    assertThat(said.contextLength()).isEqualTo(99);
  }
}
