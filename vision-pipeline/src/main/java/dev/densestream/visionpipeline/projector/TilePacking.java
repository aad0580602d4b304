package dev.densestream.visionpipeline.projector;

import dev.densestream.visionpipeline.preprocess.TileLayout;

/**
 * Joins the tokens of a picture's tiles: those of the whole picture first, then those of the tiles.
 *
 * @param tokens of one tile
 * @param channels of one token
 * @param newline what ends each row, {@code [channels]}; not used unless unpadding
 */
@SuppressWarnings("ArrayRecordComponent") // one per model, never compared
public record TilePacking(PatchMerge merge, int tokens, int channels, float[] newline) {
  public TilePacking {
    if (merge == PatchMerge.SPATIAL_UNPAD && newline.length != channels) {
      throw new IllegalArgumentException(
          "newline must have " + channels + " values: was " + newline.length);
    }
  }

  /** Tokens along one side of a tile; those of a map are a square. */
  private int side() {
    return (int) Math.round(Math.sqrt(tokens));
  }

  /** Tokens of a picture seen as a whole only. */
  public int wholeTokens() {
    return tokens + (merge == PatchMerge.SPATIAL_UNPAD ? 1 : 0);
  }

  /** Tokens of a picture seen whole and in tiles. */
  public int packedTokens(TileLayout layout) {
    if (merge != PatchMerge.SPATIAL_UNPAD) {
      return tokens * (1 + layout.tiles());
    }
    int side = side();
    int rows = layout.down() * side - 2 * layout.paddingRows(side);
    int columns = layout.across() * side - 2 * layout.paddingColumns(side);
    return tokens + rows * (columns + 1);
  }

  /** {@code [tokens, channels]} to {@code [wholeTokens, channels]}. */
  public float[] packWhole(float[] values, int offset) {
    float[] packed = new float[wholeTokens() * channels];
    System.arraycopy(values, offset, packed, 0, tokens * channels);
    if (merge == PatchMerge.SPATIAL_UNPAD) {
      System.arraycopy(newline, 0, packed, tokens * channels, channels);
    }
    return packed;
  }

  /** {@code [1 + tiles, tokens, channels]} to {@code [packedTokens, channels]}. */
  public float[] pack(float[] values, int offset, TileLayout layout) {
    float[] packed = new float[packedTokens(layout) * channels];
    int each = tokens * channels;
    if (merge == PatchMerge.FLAT) {
      System.arraycopy(values, offset, packed, 0, packed.length);
      return packed;
    }
    System.arraycopy(values, offset, packed, 0, each);
    boolean unpad = merge == PatchMerge.SPATIAL_UNPAD;
    int side = side();
    int top = unpad ? layout.paddingRows(side) : 0;
    int left = unpad ? layout.paddingColumns(side) : 0;
    int to = each;
    for (int row = top; row < layout.down() * side - top; row++) {
      for (int column = left; column < layout.across() * side - left; column++) {
        int tile = 1 + row / side * layout.across() + column / side;
        int token = tile * tokens + row % side * side + column % side;
        System.arraycopy(values, offset + token * channels, packed, to, channels);
        to += channels;
      }
      if (unpad) {
        System.arraycopy(newline, 0, packed, to, channels);
        to += channels;
      }
    }
    return packed;
  }
}
