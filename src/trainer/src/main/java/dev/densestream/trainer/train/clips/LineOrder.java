package dev.densestream.trainer.train.clips;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which lines each step learns from: all of them in each epoch, every time in another order. For
 * one thread at a time.
 */
final class LineOrder {
  private final List<ClipLine> lines;
  private final int epochs;
  private final int batch;
  private final long seed;
  private List<ClipLine> order = List.of();
  private int orderedEpoch = -1;

  LineOrder(List<ClipLine> lines, int epochs, int batch, long seed) {
    this.lines = List.copyOf(lines);
    this.epochs = epochs;
    this.batch = batch;
    this.seed = seed;
  }

  private int stepsOfAnEpoch() {
    return (lines.size() + batch - 1) / batch;
  }

  int steps() {
    return Math.multiplyExact(epochs, stepsOfAnEpoch());
  }

  /** Follows from the seed and the step alone. */
  List<ClipLine> step(int step) {
    int epoch = step / stepsOfAnEpoch();
    if (epoch != orderedEpoch) {
      order = new ArrayList<>(lines);
      Collections.shuffle(order, new Random(seed * 1_000_003 + epoch));
      orderedEpoch = epoch;
    }
    int from = step % stepsOfAnEpoch() * batch;
    return order.subList(from, Math.min(order.size(), from + batch));
  }
}
