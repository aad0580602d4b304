package dev.densestream.visionpipeline.mining;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.encoder.TowerConfig;

/**
 * How Mini-Gemini's first tower sees an image that is prepared for the second: shrunk to its own
 * size, or to a multiple of that and cut into parts, with or without the whole before them.
 *
 * @param side pixels along a side of the second tower's input, {@code image_size_aux}
 * @param lowSide pixels along a side of the first tower's input
 * @param grid parts along a side, {@code image_grid}
 * @param overview whether the whole image is seen too, {@code image_global}
 */
record LowViews(int side, int lowSide, int grid, boolean overview) {
  /** The second tower's stem makes a cell of so many pixels along a side. */
  private static final int CELL = 4;

  private static final int LARGEST_GRID = 8;

  /** As the config has it. @throws CheckpointException naming the key that does not fit */
  static LowViews of(ModelConfig config, TowerConfig low) {
    int grid = config.integer("image_grid", 1);
    boolean overview = config.flag("image_global", false);
    if (grid < 1 || grid > LARGEST_GRID) {
      throw new CheckpointException(
          config.file() + ": key image_grid must be from 1 to " + LARGEST_GRID + ": was " + grid);
    }
    if (overview && grid == 1) {
      throw new CheckpointException(
          config.file() + ": key image_global needs an image_grid above 1: set it to false");
    }
    int side = config.integer("image_size_aux", 320);
    int tokens = grid * low.grid();
    if (side < CELL || side % CELL != 0 || side / CELL % tokens != 0) {
      throw new CheckpointException(
          config.file()
              + ": key image_size_aux must give each of the "
              + tokens
              + " x "
              + tokens
              + " tokens as many cells of 4 pixels: was "
              + side);
    }
    return new LowViews(side, low.side(), grid, overview);
  }

  int count() {
    return grid * grid + (overview ? 1 : 0);
  }
}
