package dev.densestream.answerservice.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.ParityResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageParityTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");

  @Test
  void equalsTheOriginal_inEveryTokenizerRow() {
    List<ParityResult> results = LanguageParity.run(GOLDEN, "tokenizer"::equals);

    assertThat(results).hasSizeGreaterThan(1000);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  @Test
  void equalsTheOriginal_inEveryConversation() {
    List<ParityResult> results = LanguageParity.run(GOLDEN, "conversation"::equals);

    assertThat(results).hasSizeGreaterThan(60);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llava-vicuna", "llava-llama3", "llava-mistral", "llava-qwen2"})
  void equalsTheOriginal_inLogitsAndGreedyTokens(String kind) {
    List<ParityResult> results = LanguageParity.run(GOLDEN, kind::equals);

    assertThat(results).hasSizeGreaterThanOrEqualTo(20);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }
}
