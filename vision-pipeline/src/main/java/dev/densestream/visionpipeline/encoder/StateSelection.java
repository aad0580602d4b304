package dev.densestream.visionpipeline.encoder;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Which hidden states leave the tower.
 *
 * @param base the state taken as it is
 * @param groups states averaged, one result each
 */
public record StateSelection(int base, List<StateSelection.Group> groups) {
  /** States first to last, both included. */
  public record Group(int first, int last) {}

  public StateSelection {
    groups = List.copyOf(groups);
  }

  /** The last state that has to be computed. */
  public int last() {
    return groups.stream().mapToInt(Group::last).reduce(base, Math::max);
  }

  long[] groupBounds() {
    return groups.stream().flatMapToLong(g -> LongStream.of(g.first, g.last)).toArray();
  }
}
