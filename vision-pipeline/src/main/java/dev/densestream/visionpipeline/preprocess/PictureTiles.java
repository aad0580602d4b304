package dev.densestream.visionpipeline.preprocess;

import dev.densestream.framesampler.Frame;

/**
 * AnyRes: a picture as the whole of it squashed to one tile, and then the tiles of an enlarged
 * view, row by row, centred on black. Keeps buffers: for one thread at a time.
 */
public final class PictureTiles {
  private final FramePreparation preparation;
  private final int side;
  private final FrameResize resize = new FrameResize(new byte[3]);
  private final byte[] tile;

  public PictureTiles(FramePreparation preparation) {
    this.preparation = preparation;
    this.side = preparation.side();
    this.tile = new byte[side * side * 3];
  }

  /** Writes the whole picture as one tile, {@code [3, side, side]}. */
  public void prepareWhole(Frame frame, float[] pixels, int offset) {
    resize.resize(frame, Geometry.stretched(frame, side, side), tile);
    preparation.prepareTile(tile, pixels, offset);
  }

  /** Writes the tiles, {@code [tiles, 3, side, side]}, from {@code offset} on. */
  public void prepareTiles(Frame frame, TileLayout layout, float[] pixels, int offset) {
    int canvasWidth = layout.across() * side;
    int canvasHeight = layout.down() * side;
    double scaleAcross = (double) canvasWidth / frame.width();
    double scaleDown = (double) canvasHeight / frame.height();
    boolean fillsWidth = scaleAcross < scaleDown;
    int width = fillsWidth ? canvasWidth : fitted(frame.width(), scaleDown, canvasWidth);
    int height = fillsWidth ? fitted(frame.height(), scaleAcross, canvasHeight) : canvasHeight;
    byte[] resized = new byte[width * height * 3];
    resize.resize(frame, Geometry.stretched(frame, width, height), resized);
    byte[] canvas = new byte[canvasWidth * canvasHeight * 3];
    int left = (canvasWidth - width) / 2;
    int top = (canvasHeight - height) / 2;
    for (int row = 0; row < height; row++) {
      int to = ((top + row) * canvasWidth + left) * 3;
      System.arraycopy(resized, row * width * 3, canvas, to, width * 3);
    }
    for (int number = 0; number < layout.tiles(); number++) {
      cut(canvas, number / layout.across(), number % layout.across(), canvasWidth);
      preparation.prepareTile(tile, pixels, offset + number * preparation.pixelValues());
    }
  }

  private static int fitted(int length, double scale, int limit) {
    return Math.min((int) Math.ceil(length * scale), limit);
  }

  private void cut(byte[] canvas, int tileRow, int tileColumn, int canvasWidth) {
    for (int row = 0; row < side; row++) {
      int from = ((tileRow * side + row) * canvasWidth + tileColumn * side) * 3;
      System.arraycopy(canvas, from, tile, row * side * 3, side * 3);
    }
  }
}
