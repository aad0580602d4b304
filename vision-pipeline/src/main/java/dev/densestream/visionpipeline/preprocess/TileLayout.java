package dev.densestream.visionpipeline.preprocess;

/**
 * One picture's tiles: {@code across} by {@code down} of them, over a picture of {@code width} by
 * {@code height} pixels centred on them.
 */
public record TileLayout(int across, int down, int width, int height) {
  public TileLayout {
    if (across < 1 || down < 1 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a layout has tiles and pixels: was "
              + across
              + " x "
              + down
              + " of "
              + width
              + " x "
              + height);
    }
  }

  /** Tiles, without the one that shows the whole picture. */
  public int tiles() {
    return across * down;
  }

  /** Rows of tokens at the top, and as many at the bottom, that show nothing but padding. */
  public int paddingRows(int side) {
    if (!isWiderThanTiles()) {
      return 0;
    }
    int rows = (int) (height * ((double) across * side / width));
    return (down * side - rows) / 2;
  }

  /** Columns of tokens on the left, and as many on the right, that show nothing but padding. */
  public int paddingColumns(int side) {
    if (isWiderThanTiles()) {
      return 0;
    }
    int columns = (int) (width * ((double) down * side / height));
    return (across * side - columns) / 2;
  }

  private boolean isWiderThanTiles() {
    return (double) width / height > (double) across / down;
  }
}
