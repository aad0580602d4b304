package dev.densestream.answerservice.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Any text: a JSON Schema. Run by {@code mvn -Pfuzz test} too, see CONTRIBUTING.md. */
class JsonGrammarFuzzTest {
  private static final Path CORPUS = Path.of("src/test/fuzz/json-schema");
  private static final int MOST_BYTES = 4096;

  public static void fuzzerTestOneInput(byte[] input) {
    accepts(input);
  }

  /** Whether it was accepted; then the shortest answer it allows is JSON. */
  private static boolean accepts(byte[] input) {
    JsonGrammar grammar;
    try {
      grammar = JsonGrammar.of(new String(input, UTF_8));
    } catch (FormatException _) {
      return false;
    }
    Readings readings = new Readings(grammar);
    Reading at = readings.start();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    while (!at.whole && answer.size() < MOST_BYTES) {
      int value = nearest(readings, at);
      answer.write(value);
      at = readings.next(at, value);
    }
    if (at.whole) {
      JsonMapper.shared().readTree(answer.toByteArray());
    }
    return true;
  }

  /** The byte behind which the answer can end soonest. */
  private static int nearest(Readings readings, Reading at) {
    int best = -1;
    int least = Integer.MAX_VALUE;
    for (int value = 0; value < 256; value++) {
      Reading next = readings.next(at, value);
      if (!next.isDead() && next.leastBytes < least) {
        best = value;
        least = next.leastBytes;
      }
    }
    assertThat(best).as("an answer that is not whole goes on").isNotNegative();
    return best;
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

  /** A compiler that refused everything, or nothing, would pass above. */
  @Test
  void acceptsSomeOfTheCorpus_andRefusesSome() throws IOException {
    List<Boolean> accepted = new ArrayList<>();
    for (Path input : corpus()) {
      accepted.add(accepts(Files.readAllBytes(input)));
    }
    assertThat(accepted).contains(true, false);
  }
}
