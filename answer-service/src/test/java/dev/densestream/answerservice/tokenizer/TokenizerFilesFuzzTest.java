package dev.densestream.answerservice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as each of the JSON files around a tokenizer. Run by {@code mvn -Pfuzz test} too, see
 * CONTRIBUTING.md.
 */
class TokenizerFilesFuzzTest {
  private static final Path CORPUS = Path.of("src/test/fuzz/tokenizer-json");

  public static void fuzzerTestOneInput(byte[] input) {
    accepts(input);
    isVocabulary(input);
  }

  /** Whether it was accepted; any exception but the readers' own goes through. */
  private static boolean accepts(byte[] input) {
    try {
      ModelConfig file = ModelConfig.parse("fuzzed", input);
      ModelConfig nothing = ModelConfig.parse("nothing", new byte[] {'{', '}'});
      TokenizerFiles.of(file, file, nothing);
      file.integers("eos_token_id");
      return true;
    } catch (CheckpointException | TokenizerException _) {
      return false;
    }
  }

  private static boolean isVocabulary(byte[] input) {
    try {
      TokenizerJson.parse("fuzzed", input);
      ModelConfig nothing = ModelConfig.parse("nothing", new byte[] {'{', '}'});
      TokenizerFiles.of(nothing, nothing, ModelConfig.parse("fuzzed", input));
      return true;
    } catch (CheckpointException | TokenizerException _) {
      return false;
    }
  }

  static List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void neverFailsOtherwiseThanByTheirOwnExceptions(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** Readers that refused everything, or nothing, would pass above. */
  @Test
  void acceptsSomeOfTheCorpus_andRefusesSome() throws IOException {
    List<Boolean> files = new ArrayList<>();
    List<Boolean> vocabularies = new ArrayList<>();
    for (Path input : corpus()) {
      files.add(accepts(Files.readAllBytes(input)));
      vocabularies.add(isVocabulary(Files.readAllBytes(input)));
    }
    assertThat(files).contains(true, false);
    assertThat(vocabularies).contains(true, false);
  }
}
