package dev.densestream.answerservice.language;

import java.util.List;

/**
 * What one sequence adds in a step.
 *
 * @param prefix the rows it starts with, all filled; may be shared with other sequences
 * @param own places of the rows behind the prefix
 * @param filled how many of its own places are filled
 * @param ids tokens to run now, at least one
 */
public record Stretch(KvRange prefix, KvRange own, int filled, List<Integer> ids) {
  public Stretch {
    ids = List.copyOf(ids);
    if (ids.isEmpty() || filled < 0 || filled + ids.size() > own.length()) {
      throw new IllegalArgumentException(
          "own places must have room for "
              + ids.size()
              + " tokens behind "
              + filled
              + ": have "
              + own.length());
    }
  }

  int end() {
    return filled + ids.size();
  }
}
