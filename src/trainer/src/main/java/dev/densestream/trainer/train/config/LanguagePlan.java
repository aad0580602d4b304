package dev.densestream.trainer.train.config;

/**
 * Sizes of a Llama decoder.
 *
 * @param keyValueHeads a divisor of {@code heads}
 * @param context positions
 */
public record LanguagePlan(
    int width, int feedForward, int heads, int keyValueHeads, int layers, int context) {
  public LanguagePlan {
    if (heads < 1 || width % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "model.language: width must be an even multiple of heads: was "
              + width
              + " and "
              + heads);
    }
    if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "model.language: heads must be a multiple of keyValueHeads: was "
              + heads
              + " and "
              + keyValueHeads);
    }
  }

  /** D. */
  public int headSize() {
    return width / heads;
  }

  /** Width of all keys of a position. */
  public int stored() {
    return headSize() * keyValueHeads;
  }
}
