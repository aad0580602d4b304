package dev.densestream.answerservice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class TextStreamTest {
  private static final Path TOKENIZERS =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden/tokenizer");

  @ParameterizedTest
  @ValueSource(strings = {"spm", "bpe-qwen2", "bpe-llama3", "bpe-gpt2"})
  void givesWholeCharactersOnly_andAllOfThem(String folder) {
    try (Tokenizer tokenizer = Tokenizer.open(TOKENIZERS.resolve(folder))) {
      List<Integer> ids =
          tokenizer.encode("caf\u00e9 \u4f60\u597d \ud83d\ude00 , it 's done .", false);
      TextStream stream = tokenizer.stream();
      List<String> pieces = new ArrayList<>();
      ids.forEach(id -> pieces.add(stream.accept(id)));
      pieces.add(stream.finish());

      assertThat(pieces).noneMatch(piece -> piece.contains("\ufffd"));
      assertThat(String.join("", pieces)).isEqualTo(tokenizer.decode(ids));
      assertThat(pieces.stream().filter(piece -> !piece.isEmpty())).hasSizeGreaterThan(5);
    }
  }
}
