package dev.densestream.answerservice.language;

/**
 * Sizes of a language model.
 *
 * @param width C
 * @param heads Hq
 * @param keyValueHeads Hkv, a divisor of Hq
 * @param feedForward width inside the feed-forward block
 * @param vocabulary rows of the embedding table
 */
public record LanguageShape(
    int layers, int width, int heads, int keyValueHeads, int feedForward, int vocabulary) {
  public LanguageShape {
    if (layers < 1 || heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "width must be a multiple of heads: was " + width + " and " + heads);
    }
    if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "heads must be a multiple of keyValueHeads: was " + heads + " and " + keyValueHeads);
    }
  }

  /** D. */
  public int headSize() {
    return width / heads;
  }
}
