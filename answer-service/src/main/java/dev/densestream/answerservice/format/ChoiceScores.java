package dev.densestream.answerservice.format;

import dev.densestream.answerservice.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * How probable one answer's choices are. A choice's probability is that of the answer beginning
 * with one of its paths and going on to no longer choice; all of them are divided by their sum.
 */
public final class ChoiceScores {
  private final List<String> choices;
  private final ChoiceTree tree;

  ChoiceScores(List<String> choices, ChoiceTree tree) {
    this.choices = choices;
    this.tree = tree;
  }

  /**
   * What the model says behind a beginning. Shorter beginnings come first.
   *
   * @param path ids behind the prompt; none for what follows the prompt itself
   * @param logits of every token
   */
  public void behind(List<Integer> path, float[] logits) {
    ChoiceTree at = tree.at(path);
    double all = logOfSum(logits);
    at.children.forEach((id, child) -> child.logProbability = at.logProbability + logits[id] - all);
  }

  private static double logOfSum(float[] logits) {
    float highest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      highest = Math.max(highest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - highest);
    }
    return highest + Math.log(sum);
  }

  /** Of all choices, once every open beginning has been looked behind. */
  public Verdict verdict() {
    double[] shares = new double[choices.size()];
    double highest = highest(tree);
    for (ChoiceTree child : tree.children.values()) {
      add(child, highest, shares);
    }
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    List<Verdict.Share> all = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      all.add(new Verdict.Share(choices.get(i), Math.clamp(shares[i] / sum, 0, 1)));
    }
    return new Verdict(all);
  }

  private static double highest(ChoiceTree tree) {
    double highest =
        tree.choice == ChoiceTree.NONE ? Double.NEGATIVE_INFINITY : tree.logProbability;
    for (ChoiceTree child : tree.children.values()) {
      highest = Math.max(highest, highest(child));
    }
    return highest;
  }

  /** Adds what ends in a tree to the shares, and gives the sum: who leads on to it does not end. */
  private static double add(ChoiceTree tree, double highest, double[] shares) {
    double below = 0;
    for (ChoiceTree child : tree.children.values()) {
      below += add(child, highest, shares);
    }
    if (tree.choice == ChoiceTree.NONE) {
      return below;
    }
    double begun = Math.exp(tree.logProbability - highest);
    shares[tree.choice] += Math.max(0, begun - below);
    return Math.max(begun, below);
  }
}
