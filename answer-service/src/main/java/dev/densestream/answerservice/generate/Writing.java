package dev.densestream.answerservice.generate;

/** How an answer is written: which token comes next, and what text the tokens are. */
interface Writing {
  /**
   * The next one.
   *
   * @param logits may be changed
   * @param left tokens that may follow it
   */
  int choose(float[] logits, int left);

  /** Takes the one chosen, if it does not end the answer. The text that is whole by now. */
  String accept(int id);

  /** Whether nothing can follow. */
  boolean over();

  /** Text held back so far, when no more tokens come. */
  String rest();
}
