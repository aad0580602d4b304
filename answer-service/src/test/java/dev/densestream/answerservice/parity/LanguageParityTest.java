package dev.densestream.answerservice.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.ParityResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
