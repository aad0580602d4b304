package dev.densestream.answerservice.language;

import java.util.List;

/**
 * What one sequence adds in a step.
 *
 * @param prefix the rows it starts with, all filled; may be shared with other sequences
 * @param stem places of the rows behind the prefix that it shares with its branches, all filled
 * @param own places of the rows behind the stem
 * @param filled how many of the places of stem and own are filled
 * @param ids tokens to run now, at least one
 */
public record Stretch(KvRange prefix, KvRange stem, KvRange own, int filled, List<Integer> ids) {
  public Stretch {
    ids = List.copyOf(ids);
    if (ids.isEmpty()
        || filled < stem.length()
        || filled + ids.size() > stem.length() + own.length()) {
      throw new IllegalArgumentException(
          "own places must have room for "
              + ids.size()
              + " tokens behind "
              + filled
              + ": have "
              + own.length()
              + " behind "
              + stem.length());
    }
  }

  /** Of a sequence that shares nothing but the prefix. */
  public Stretch(KvRange prefix, KvRange own, int filled, List<Integer> ids) {
    this(prefix, KvRange.NONE, own, filled, ids);
  }

  /** The place of a row behind the prefix. */
  int place(int row) {
    return row < stem.length() ? stem.first() + row : own.first() + row - stem.length();
  }

  /** Whether the rows behind the prefix are all neighbours. */
  boolean isInOnePlace() {
    return stem.length() == 0 || stem.end() == own.first();
  }

  int end() {
    return filled + ids.size();
  }
}
