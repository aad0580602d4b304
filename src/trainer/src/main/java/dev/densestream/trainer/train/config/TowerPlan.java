package dev.densestream.trainer.train.config;

/**
 * Sizes of a CLIP-style vision tower.
 *
 * @param side pixels along a side
 * @param patch pixels along a patch's side, a divisor of {@code side}
 * @param blocks that are run: the connectors' last group ends with the last one's state
 */
public record TowerPlan(int side, int patch, int width, int feedForward, int heads, int blocks) {
  public TowerPlan {
    if (patch < 1 || side % patch != 0) {
      throw new IllegalArgumentException(
          "model.tower: side must be a multiple of patch: was " + side + " and " + patch);
    }
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "model.tower: width must be a multiple of heads: was " + width + " and " + heads);
    }
  }

  /** Patches along a side. */
  public int grid() {
    return side / patch;
  }

  /** Patches. */
  public int patches() {
    return grid() * grid();
  }
}
