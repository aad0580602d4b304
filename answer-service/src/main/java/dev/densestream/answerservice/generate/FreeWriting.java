package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.language.NextToken;
import dev.densestream.answerservice.tokenizer.TextStream;

/** Any text, as the tokenizer decodes it. */
final class FreeWriting implements Writing {
  private final TokenSampler sampler;
  private final TextStream stream;

  FreeWriting(TokenSampler sampler, TextStream stream) {
    this.sampler = sampler;
    this.stream = stream;
  }

  @Override
  public int choose(NextToken said, int left) {
    return sampler.choose(said);
  }

  @Override
  public String accept(int id) {
    return stream.accept(id);
  }

  @Override
  public boolean over() {
    return false;
  }

  @Override
  public String rest() {
    return stream.finish();
  }
}
