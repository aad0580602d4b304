package dev.densestream.trainer.train.config;

import java.util.Arrays;

/**
 * What the loss is the sum of.
 *
 * @param words of the answers
 * @param patches what is in each patch, told from the connector's channels
 * @param tokens what is in each visual token, told from the projector's
 * @param history what that has done so far, told in the middle of the language model, and when what
 *     a question speaks of began, told before its last two layers
 * @param pointing which visual tokens show what a word of a question says, told in the middle of
 *     the language model
 * @param subjects of whom a question says that something is done, told from the end of what it
 *     says, and of whom the answer will that is a part of it, before the language model's last two
 *     layers
 * @param shape how many times as much as another kind of label shape counts among those of patches
 *     and of visual tokens
 */
public record Shares(
    double words,
    double patches,
    double tokens,
    double history,
    double pointing,
    double subjects,
    double shape) {
  public Shares {
    double[] all = {words, patches, tokens, history, pointing, subjects};
    if (Arrays.stream(all).anyMatch(share -> share < 0)) {
      throw new IllegalArgumentException("shares must be >= 0");
    }
    if (Arrays.stream(all).sum() == 0) {
      throw new IllegalArgumentException("shares must not all be 0");
    }
    if (!(shape > 0)) {
      throw new IllegalArgumentException("shape must be > 0 in shares: was " + shape);
    }
  }

  /** Of the answers' words and nothing else. */
  public static Shares wordsAlone() {
    return new Shares(1, 0, 0, 0, 0, 0, 1);
  }

  /** Whether the language model is needed. */
  public boolean needsLanguage() {
    return words > 0 || history > 0 || pointing > 0 || subjects > 0;
  }
}
