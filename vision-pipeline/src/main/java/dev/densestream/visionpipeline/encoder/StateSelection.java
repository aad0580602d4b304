package dev.densestream.visionpipeline.encoder;

import dev.densestream.visionpipeline.CheckpointException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which hidden states leave the tower.
 *
 * @param base the state taken as it is
 * @param groups states averaged, one result each
 * @param keepsClass whether a class token stays in front of the base, which only works without
 *     groups
 */
public record StateSelection(int base, List<StateSelection.Group> groups, boolean keepsClass) {
  /** States first to last, both included. */
  public record Group(int first, int last) {}

  public StateSelection {
    groups = List.copyOf(groups);
    if (keepsClass && !groups.isEmpty()) {
      throw new CheckpointException(
          "mm_vision_select_feature must be patch with a connector: was cls_patch");
    }
  }

  public StateSelection(int base, List<StateSelection.Group> groups) {
    this(base, groups, false);
  }

  /** The same with the class token left in place. */
  public StateSelection keepingClass() {
    return new StateSelection(base, groups, true);
  }

  /** The last state that has to be computed. */
  public int last() {
    return groups.stream().mapToInt(Group::last).reduce(base, Math::max);
  }

  /** Whether each group begins behind the one before it. */
  boolean areApart() {
    return IntStream.range(1, groups.size())
        .allMatch(i -> groups.get(i - 1).last < groups.get(i).first);
  }

  long[] groupBounds() {
    return groups.stream().flatMapToLong(g -> LongStream.of(g.first, g.last)).toArray();
  }
}
