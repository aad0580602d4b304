package dev.densestream.trainer.train.ablation;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one training came to.
 *
 * @param scenes asked about
 * @param tokens of one frame
 * @param answerMillis from frames to the end of a short answer, the median of several
 * @param accuracy by question type, and of all questions under {@code all}
 */
public record Outcome(
    Variant variant,
    long seed,
    int scenes,
    int tokens,
    double answerMillis,
    Map<String, Double> accuracy) {
  public Outcome {
    accuracy = Map.copyOf(new TreeMap<>(accuracy));
  }
}
