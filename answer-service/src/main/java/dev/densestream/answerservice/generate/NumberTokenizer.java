package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** For a model without a language: a token for each character, the same letter for each token. */
final class NumberTokenizer implements Tokenizer {
  private final int length;

  NumberTokenizer(int length) {
    this.length = length;
  }

  @Override
  public List<Integer> encode(String text, boolean addSpecialTokens) {
    return text.chars().map(c -> c % length).boxed().toList();
  }

  @Override
  public String decode(
      List<Integer> ids, boolean skipSpecialTokens, boolean blanksAroundAddedTokens) {
    return "x".repeat(ids.size());
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public Optional<Integer> beginOfSequence() {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> endOfSequence() {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> addedToken(String content) {
    return Optional.empty();
  }

  @Override
  public byte[] bytes(int id) {
    return new byte[] {'x'};
  }

  @Override
  public Set<Integer> specialIds() {
    return Set.of();
  }

  @Override
  public void close() {}
}
