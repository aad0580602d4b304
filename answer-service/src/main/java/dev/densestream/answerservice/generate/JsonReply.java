package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.format.JsonGuide;
import dev.densestream.answerservice.format.TokenMask;
import dev.densestream.answerservice.generate.TextReply.Limits;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * JSON that fits a schema, one token after the other: tokens that do not fit have no chance, and
 * neither have those that would leave too few for what must follow.
 */
final class JsonReply implements Reply {
  private final TokenSampler sampler;
  private final JsonGuide guide;
  private final AnswerText text;
  private final Limits limits;
  private final Consumer<String> pieces;
  private final ByteText bytes = new ByteText();
  private int tokens;
  private int last;

  JsonReply(
      TokenSampler sampler,
      JsonGuide guide,
      AnswerText text,
      Limits limits,
      Consumer<String> pieces) {
    this.sampler = sampler;
    this.guide = guide;
    this.text = text;
    this.limits = limits;
    this.pieces = pieces;
  }

  @Override
  public int places() {
    return limits.maxNewTokens() - 1;
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
  public Optional<Ending> accept(List<float[]> logits) {
    last = choose(logits.getFirst());
    tokens++;
    if (limits.stopIds().contains(last)) {
      return end(FinishReason.STOP);
    }
    guide.accept(last);
    pieces.accept(text.accept(bytes.accept(guide.bytes(last))));
    if (guide.isOver() || text.stopped()) {
      return end(FinishReason.STOP);
    }
    return tokens == limits.maxNewTokens() ? end(FinishReason.LENGTH) : Optional.empty();
  }

  private int choose(float[] logits) {
    int left = limits.maxNewTokens() - tokens - 1;
    TokenMask fits = guide.mask();
    if (fits.count() == 0) {
      throw new FormatImpossibleException();
    }
    fits.apply(logits);
    int id = sampler.choose(logits);
    if (!guide.leavesTime(id, left)) {
      guide.mask(left).apply(logits);
      id = sampler.choose(logits);
    }
    return id;
  }

  private Optional<Ending> end(FinishReason reason) {
    pieces.accept(text.finish());
    return Optional.of(new Ending(text.text(), reason, tokens, Optional.empty()));
  }
}
