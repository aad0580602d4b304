package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.format.JsonGuide;
import dev.densestream.answerservice.format.TokenMask;
import dev.densestream.answerservice.language.NextToken;

/**
 * JSON that fits a schema: tokens that do not fit have no chance, and neither have those that would
 * leave too few for what must follow.
 */
final class JsonWriting implements Writing {
  private final TokenSampler sampler;
  private final JsonGuide guide;
  private final ByteText bytes = new ByteText();

  JsonWriting(TokenSampler sampler, JsonGuide guide) {
    this.sampler = sampler;
    this.guide = guide;
  }

  @Override
  public int choose(NextToken said, int left) {
    float[] logits = said.logits();
    TokenMask fits = guide.mask();
    if (fits.count() == 0) {
      throw new FormatImpossibleException();
    }
    fits.apply(logits);
    int id = sampler.choose(NextToken.of(logits));
    if (!guide.leavesTime(id, left)) {
      guide.mask(left).apply(logits);
      id = sampler.choose(NextToken.of(logits));
    }
    return id;
  }

  @Override
  public String accept(int id) {
    guide.accept(id);
    return bytes.accept(guide.bytes(id));
  }

  @Override
  public boolean over() {
    return guide.isOver();
  }

  @Override
  public String rest() {
    return "";
  }
}
