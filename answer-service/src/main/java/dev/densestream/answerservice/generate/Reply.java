package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.language.NextToken;
import java.util.List;
import java.util.Optional;

/** What is made of the model's words behind a prompt. Driven by the engine's thread. */
interface Reply {
  /** Places it needs at most beside those of the prompt. */
  int places();

  /** Whether each list of {@link #next} goes on from the prompt's end; else from the last one's. */
  boolean branches();

  /** Ids to be run next, in one step; at least one list, none of them empty. */
  List<List<Integer>> next();

  /**
   * What the model said behind the prompt, or behind each list of {@link #next}.
   *
   * @return how it ended, if it did
   */
  Optional<Ending> accept(List<NextToken> said);

  /**
   * How it ended.
   *
   * @param tokens it took
   */
  record Ending(String text, FinishReason reason, int tokens, Optional<Verdict> verdict) {}
}
