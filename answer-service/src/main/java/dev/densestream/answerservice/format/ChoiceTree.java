package dev.densestream.answerservice.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Paths through tokens, each ending in a choice; one may lead on to another. */
final class ChoiceTree {
  static final int NONE = -1;

  final Map<Integer, ChoiceTree> children = new TreeMap<>();

  /** The choice that ends here. */
  int choice = NONE;

  /** Natural logarithm of the probability that the answer begins so. */
  double logProbability;

  /** What is spelled the same already belongs to the choice before. */
  void add(Function<String, List<Integer>> continued, String text, int choice) {
    for (String written : new LinkedHashSet<>(List.of(text, " " + text))) {
      ChoiceTree at = this;
      for (int id : continued.apply(written)) {
        at = at.children.computeIfAbsent(id, _ -> new ChoiceTree());
      }
      if (at != this && at.choice == NONE) {
        at.choice = choice;
      }
    }
  }

  /** Ends every path where only one choice is left. */
  void cutWhereDecided() {
    for (ChoiceTree child : children.values()) {
      Set<Integer> left = new HashSet<>();
      child.choices(left);
      if (left.size() == 1) {
        child.choice = left.iterator().next();
        child.children.clear();
      }
      child.cutWhereDecided();
    }
  }

  private void choices(Set<Integer> found) {
    if (choice != NONE) {
      found.add(choice);
    }
    children.values().forEach(child -> child.choices(found));
  }

  void open(List<List<Integer>> open) {
    children.forEach((id, child) -> child.open(new ArrayList<>(List.of(id)), open));
  }

  private void open(List<Integer> path, List<List<Integer>> open) {
    if (!children.isEmpty()) {
      open.add(List.copyOf(path));
    }
    children.forEach(
        (id, child) -> {
          path.add(id);
          child.open(path, open);
          path.removeLast();
        });
  }

  int longest() {
    return children.values().stream().mapToInt(child -> 1 + child.longest()).max().orElse(0);
  }

  ChoiceTree at(List<Integer> path) {
    ChoiceTree at = this;
    for (int id : path) {
      ChoiceTree child = at.children.get(id);
      if (child == null) {
        throw new IllegalArgumentException("path must lead through the tree: was " + path);
      }
      at = child;
    }
    return at;
  }

  ChoiceTree copy() {
    ChoiceTree copy = new ChoiceTree();
    copy.choice = choice;
    children.forEach((id, child) -> copy.children.put(id, child.copy()));
    return copy;
  }
}
