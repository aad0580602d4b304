package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.language.NextToken;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** One token after the other. */
final class TokenReply implements Reply {
  private final Writing writing;
  private final AnswerText text;
  private final Limits limits;
  private final Consumer<String> pieces;
  private int tokens;
  private int last;

  /** Where answers end: after so many tokens, and at these. */
  record Limits(int maxNewTokens, Set<Integer> stopIds) {}

  /**
   * @param pieces gets the text as it becomes certain
   */
  TokenReply(Writing writing, AnswerText text, Limits limits, Consumer<String> pieces) {
    this.writing = writing;
    this.text = text;
    this.limits = limits;
    this.pieces = pieces;
  }

  /** The last token is never run through the model, hence none for it. */
  @Override
  public int places() {
    return limits.maxNewTokens - 1;
  }

  @Override
  public boolean branches() {
    return false;
  }

  @Override
  public List<List<Integer>> next() {
    return List.of(List.of(last));
  }

  @Override
  public Optional<Ending> accept(List<NextToken> said) {
    last = writing.choose(said.getFirst(), limits.maxNewTokens - tokens - 1);
    tokens++;
    if (limits.stopIds.contains(last)) {
      return end(FinishReason.STOP);
    }
    pieces.accept(text.accept(writing.accept(last)));
    if (writing.over() || text.stopped()) {
      return end(FinishReason.STOP);
    }
    return tokens == limits.maxNewTokens ? end(FinishReason.LENGTH) : Optional.empty();
  }

  private Optional<Ending> end(FinishReason reason) {
    pieces.accept(text.accept(writing.rest()));
    // A stop text may be complete only now, in what was held back.
    FinishReason ended = text.stopped() ? FinishReason.STOP : reason;
    pieces.accept(text.finish());
    return Optional.of(new Ending(text.text(), ended, tokens, Optional.empty()));
  }
}
