package dev.densestream.answerservice.language.vector;

/**
 * What a step needs to know of a model.
 *
 * @param width C
 * @param heads Hq
 * @param keyValueHeads Hkv
 * @param feedForward width inside the feed-forward block
 * @param shown V, rows of the head that are ever asked for
 * @param rmsNorm or layer norm
 * @param parallel attention and feed-forward of the same input, or one behind the other
 * @param gated SwiGLU, or GELU
 * @param frequencies by which a position turns each pair of a head's first channels
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record VectorShape(
    int layers,
    int width,
    int heads,
    int keyValueHeads,
    int feedForward,
    int shown,
    boolean rmsNorm,
    boolean parallel,
    boolean gated,
    double normEpsilon,
    float[] frequencies) {
  int headSize() {
    return width / heads;
  }

  /** Channels of queries, keys and values together. */
  int joined() {
    return (heads + 2 * keyValueHeads) * headSize();
  }
}
