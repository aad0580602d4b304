package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.language.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a sequence needs before it is an answer under way. */
enum Kind {
  /** Prompts, or their ends, behind a prefix: run together. */
  SHORT_PROMPTS,
  /** Paths of choices: run together. */
  CHOICES,
  /** A prompt that is run in pieces, each alone, since a step is padded to its longest. */
  LONG_PROMPT,
  /** A piece of a prefix. */
  PREFIX;

  private static final int SHORT = 64;

  /**
   * @param rows of one call of the model
   */
  boolean concerns(Sequence sequence, int rows) {
    if (sequence.needsPrefix()) {
      return this == PREFIX;
    }
    if (sequence.inPrompt()) {
      boolean small = sequence.next(rows).getFirst().ids().size() <= SHORT;
      return this == (small ? SHORT_PROMPTS : LONG_PROMPT);
    }
    return this == CHOICES && sequence.branches();
  }

  /** The first ones whose stretches, padded to the longest, make up at most so many rows. */
  static <T> List<T> fitting(List<T> waiting, Function<T, List<Stretch>> next, int rows) {
    List<T> fitting = new ArrayList<>();
    int stretches = 0;
    int longest = 0;
    for (T one : waiting) {
      for (Stretch stretch : next.apply(one)) {
        stretches++;
        longest = Math.max(longest, stretch.ids().size());
      }
      if (!fitting.isEmpty() && stretches * longest > rows) {
        return fitting;
      }
      fitting.add(one);
    }
    return fitting;
  }
}
