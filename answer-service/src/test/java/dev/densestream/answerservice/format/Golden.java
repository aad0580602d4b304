package dev.densestream.answerservice.format;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The vocabularies of the fixtures' tokenizers. */
final class Golden {
  static final List<String> TOKENIZERS = List.of("spm", "bpe-gpt2", "bpe-llama3", "bpe-qwen2");

  private Golden() {}

  static Tokenizer tokenizer(String name) {
    return Tokenizer.open(
        Path.of(System.getProperty("densestream.fixtures")).resolve("golden/tokenizer/" + name));
  }

  static Vocabulary vocabulary(Tokenizer tokenizer) {
    return Vocabulary.of(tokenizer.length(), tokenizer::bytes);
  }

  static Set<Integer> stopIds(Tokenizer tokenizer) {
    return tokenizer.endOfSequence().stream().collect(Collectors.toSet());
  }
}
