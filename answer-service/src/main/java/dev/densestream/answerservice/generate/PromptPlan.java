package dev.densestream.answerservice.generate;

import java.util.List;

/**
 * A prompt's rows: ids, visual tokens, ids; and how many of them in all are used.
 *
 * @param before ids before the visual tokens; the whole prompt if there are none
 * @param used rows from the front; fewer than there are when the prompt was cut
 */
record PromptPlan(List<Integer> before, int visual, List<Integer> after, int used) {
  static PromptPlan of(List<List<Integer>> stretches, int visual, int limit) {
    List<Integer> before = stretches.getFirst();
    List<Integer> after = visual == 0 ? List.of() : stretches.getLast();
    int rows = before.size() + visual + after.size();
    return new PromptPlan(before, visual, after, Math.min(rows, limit));
  }

  int rows() {
    return before.size() + visual + after.size();
  }

  int prefix() {
    return before.size() + visual;
  }

  int cut() {
    return rows() - used;
  }

  /** Whether there are visual tokens and text is left behind them. */
  boolean sharesPrefix() {
    return visual > 0 && used > prefix();
  }
}
