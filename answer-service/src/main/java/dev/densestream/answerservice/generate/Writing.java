package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.language.NextToken;

/** How an answer is written: which token comes next, and what text the tokens are. */
interface Writing {
  /**
   * The next one.
   *
   * @param left tokens that may follow it
   */
  int choose(NextToken said, int left);

  /** Takes the one chosen, if it does not end the answer. The text that is whole by now. */
  String accept(int id);

  /** Whether nothing can follow. */
  boolean over();

  /** Text held back so far, when no more tokens come. */
  String rest();
}
