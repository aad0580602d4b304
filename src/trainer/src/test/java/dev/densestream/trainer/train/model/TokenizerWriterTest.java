package dev.densestream.trainer.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.language.Vocabulary;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerWriterTest {
  @TempDir private Path folder;

  @Test
  void readsEachWordAsOneToken_andAnyTextAtAll() throws Exception {
    TokenizerWriter writer = new TokenizerWriter(Vocabulary.words());
    writer.write(folder);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.length()).isEqualTo(writer.size());
      assertThat(tokenizer.endOfSequence()).contains(writer.end());
      List<Integer> known = tokenizer.encode("What colour is the circle?", false);
      assertThat(known).hasSize(6);
      assertThat(tokenizer.decode(known)).isEqualTo("What colour is the circle?");
      String foreign = "¿Qué pasa? xyzzy 漢字";
      assertThat(tokenizer.decode(tokenizer.encode(foreign, false))).isEqualTo(foreign);
    }
  }
}
