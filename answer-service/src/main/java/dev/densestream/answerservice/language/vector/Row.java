package dev.densestream.answerservice.language.vector;

import java.util.List;

/**
 * One token of a step.
 *
 * @param position of it in its sequence, from 0
 * @param place of its keys and values
 * @param seen places of the rows it looks at, itself included, in the order of their positions
 * @param last whether the logits of what follows it are wanted
 */
public record Row(int id, int position, int place, List<Places> seen, boolean last) {
  /** Neighbouring places of keys and values. */
  public record Places(int first, int length) {}

  public Row {
    seen = List.copyOf(seen);
  }

  int seenRows() {
    return seen.stream().mapToInt(Places::length).sum();
  }
}
