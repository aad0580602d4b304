package dev.densestream.answerservice.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class LanguageParityTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");

  @TempDir Path folder;

  @Test
  void equalsTheOriginal_inEveryTokenizerRow() {
    List<ParityResult> results =
        LanguageParity.run(RuntimeSettings.defaults(), GOLDEN, "tokenizer"::equals);

    assertThat(results).hasSizeGreaterThan(1000);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  /** As slow Python classes save them: the vocabulary and its merges, without tokenizer.json. */
  @ParameterizedTest
  @ValueSource(strings = {"bpe-gpt2", "bpe-qwen2"})
  void equalsTheOriginal_fromVocabularyAndMergesAlone(String kind) throws IOException {
    Path from = GOLDEN.resolve("tokenizer").resolve(kind);
    Path to = Files.createDirectories(folder.resolve(kind));
    for (String file :
        List.of(
            "encodings.json",
            "merges.txt",
            "special_tokens_map.json",
            "tokenizer_config.json",
            "vocab.json")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }

    List<ParityResult> results = TokenizerParity.run(folder);

    assertThat(results).hasSizeGreaterThan(200);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  @Test
  void equalsTheOriginal_inEveryConversation() {
    List<ParityResult> results =
        LanguageParity.run(RuntimeSettings.defaults(), GOLDEN, "conversation"::equals);

    assertThat(results).hasSizeGreaterThan(60);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "llava-vicuna, 20",
    "llava-llama3, 20",
    "llava-mistral, 20",
    "llava-qwen2, 20",
    "llava-phi, 20",
    "llava-anyres, 15" // three runs of five comparisons; the others have four runs or more
  })
  void equalsTheOriginal_inLogitsAndGreedyTokens(String kind, int comparisons) {
    List<ParityResult> results =
        LanguageParity.run(RuntimeSettings.defaults(), GOLDEN, kind::equals);

    assertThat(results).hasSizeGreaterThanOrEqualTo(comparisons);
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
  }

  @Test
  void misses_whenTheRotaryBaseIsWrong() {
    try (TensorRuntime runtime = TensorRuntime.open(RuntimeSettings.defaults())) {
      List<ParityResult> results =
          ModelParity.run(
              runtime, GOLDEN.resolve("llava-vicuna"), config -> config.withTheta(9_000));

      assertThat(results)
          .filteredOn(result -> result.name().endsWith("logits"))
          .isNotEmpty()
          .noneMatch(ParityResult::passed);
      assertThat(results)
          .filteredOn(result -> result.name().endsWith("inputs_embeds"))
          .isNotEmpty()
          .allMatch(ParityResult::passed);
    }
  }

  @Test
  void misses_whenTheWrongSentencePieceRuleIsUsed() {
    Path folder = GOLDEN.resolve("tokenizer/spm");
    try (Tokenizer legacy = Tokenizer.openSentencePiece(folder, true);
        Tokenizer other = Tokenizer.openSentencePiece(folder, false)) {
      assertThat(legacy.encode("</s>\nHello", true))
          .isNotEqualTo(other.encode("</s>\nHello", true));
    }
  }

  @Test
  void runsNothing_ofKindsItDoesNotKnow() {
    assertThat(LanguageParity.run(RuntimeSettings.defaults(), GOLDEN, "mining"::equals)).isEmpty();
  }
}
