package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;

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
 * Any bytes: config.json, or the index of shards. Run by {@code mvn -Pfuzz test} too, see
 * CONTRIBUTING.md.
 */
class ModelConfigFuzzTest {
  private static final Path CORPUS = Path.of("src/test/fuzz/json");

  public static void fuzzerTestOneInput(byte[] input) {
    accepts(input);
  }

  /** Whether it was accepted; any exception but the reader's own goes through. */
  private static boolean accepts(byte[] input) {
    try {
      ModelConfig config = ModelConfig.parse("fuzzed", input);
      config.positive("hidden_size");
      config.number("rope_theta", 1);
      config.flag("tie_word_embeddings", false);
      config.integers("eos_token_id");
      ModelConfig map = config.section("weight_map");
      map.json().propertyNames().forEach(map::string);
      return true;
    } catch (CheckpointException _) {
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
  void neverFailsOtherwiseThanByItsOwnException(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** A reader that refused everything, or nothing, would pass above. */
  @Test
  void acceptsSomeOfTheCorpus_andRefusesSome() throws IOException {
    List<Boolean> accepted = new ArrayList<>();
    for (Path input : corpus()) {
      accepted.add(accepts(Files.readAllBytes(input)));
    }
    assertThat(accepted).contains(true, false);
  }
}
