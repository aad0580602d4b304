package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;

/**
 * What adding states up as they come saves, in bytes. States are of one image.
 *
 * @param allStates if every state of the tower were kept until the connector joins some of them
 * @param keptStates that are alive together at most: the groups' sums, the state being worked on,
 *     and the base where it is another one
 * @param weightsNotLoaded of the blocks behind the last state that is needed
 */
public record TowerMemory(long allStates, long keptStates, long weightsNotLoaded) {
  static TowerMemory of(TowerConfig tower, StateSelection states, Precision precision) {
    long elementBytes = precision == Precision.FP32 ? Float.BYTES : Short.BYTES;
    long elements = (long) tower.tokens() * tower.width();
    int whole = states.base() == states.last() ? 1 : 2;
    return new TowerMemory(
        (tower.layers() + 1) * elements * elementBytes,
        elements * (whole * elementBytes + states.groups().size() * (long) Float.BYTES),
        (tower.layers() - states.last()) * blockElements(tower) * elementBytes);
  }

  private static long blockElements(TowerConfig tower) {
    long width = tower.width();
    long attention = 4 * (width * width + width);
    long feedForward = 2 * width * tower.mlpWidth() + tower.mlpWidth() + width;
    long norms = 4 * width;
    return attention + feedForward + norms;
  }
}
