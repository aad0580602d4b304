package dev.densestream.answerservice;

import java.util.List;

/**
 * The choices of an answer and how probable each is.
 *
 * @param shares in the order the choices were given; they add up to 1
 */
public record Verdict(List<Share> shares) {
  public Verdict {
    shares = List.copyOf(shares);
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("a verdict must have choices: has none");
    }
  }

  /**
   * One choice.
   *
   * @param probability that the answer is this choice, given that it is one of them
   */
  public record Share(String choice, double probability) {
    public Share {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("probability must be 0 to 1: was " + probability);
      }
    }
  }

  /** The most probable one; the first of equals. */
  public Share best() {
    Share best = shares.getFirst();
    for (Share share : shares) {
      best = share.probability > best.probability ? share : best;
    }
    return best;
  }
}
