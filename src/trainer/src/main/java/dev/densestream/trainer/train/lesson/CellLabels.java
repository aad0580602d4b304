package dev.densestream.trainer.train.lesson;

import dev.densestream.trainer.world.Actor;
import dev.densestream.trainer.world.Coverage;
import dev.densestream.trainer.world.Scene;

/**
 * What is where in the frames of a window, on a fine grid over the padded square, and from it for
 * the cells of coarser ones: the object that covers most of a cell, if it covers a share of it that
 * can be seen.
 */
final class CellLabels {
  private static final double LEAST_SHARE = 0.15;
  private static final int KINDS = Labels.count();

  private final Scene scene;
  private final double[] times;
  private final Coverage coverage;
  private final int fine;

  /** For each frame the fine grid's objects, -1 for none. */
  private final int[][] objects;

  /**
   * Looks at pictures of a size.
   *
   * @param fine cells along a side; a multiple of those asked for later
   */
  CellLabels(Scene scene, double[] times, Coverage coverage, int fine) {
    this.scene = scene;
    this.times = times;
    this.coverage = coverage;
    this.fine = fine;
    objects = new int[times.length][fine * fine];
    for (int frame = 0; frame < times.length; frame++) {
      coverage.label(times[frame], fine, objects[frame]);
    }
  }

  /** {@code [T, grid * grid, kinds]}. */
  long[] labels(int grid) {
    return labels(grid, KINDS);
  }

  /** With what covers which part of each, {@code [T, grid * grid, kinds + parts]}. */
  long[] outlines(int grid) {
    int each = KINDS + Labels.outlineParts();
    long[] labels = labels(grid, each);
    int step = fine / grid / Labels.OUTLINE_SIDE;
    for (int frame = 0; frame < times.length; frame++) {
      for (int i = 0; i < grid * grid * Labels.outlineParts(); i++) {
        int cell = i / Labels.outlineParts();
        int part = i % Labels.outlineParts();
        int row = (cell / grid * Labels.OUTLINE_SIDE + part / Labels.OUTLINE_SIDE) * step;
        int column = (cell % grid * Labels.OUTLINE_SIDE + part % Labels.OUTLINE_SIDE) * step;
        boolean covered = objects[frame][row * fine + column] >= 0;
        labels[(frame * grid * grid + cell) * each + KINDS + part] = covered ? 1 : 0;
      }
    }
    return labels;
  }

  private long[] labels(int grid, int each) {
    long[] labels = new long[times.length * grid * grid * each];
    for (int frame = 0; frame < times.length; frame++) {
      for (int cell = 0; cell < grid * grid; cell++) {
        int object = object(frame, cell, grid);
        if (object >= 0) {
          Actor actor = scene.actors().get(object);
          Labels.write(scene, actor, times[frame], labels, (frame * grid * grid + cell) * each);
        }
      }
    }
    return labels;
  }

  /** What each cell's object has done up to its frame, {@code [T, grid * grid, kinds]}. */
  long[] history(int grid, History history) {
    int each = History.kinds().length;
    long[] labels = new long[times.length * grid * grid * each];
    boolean[] seen = new boolean[scene.actors().size()];
    for (int frame = 0; frame < times.length; frame++) {
      for (int cell = 0; cell < grid * grid; cell++) {
        int at = (frame * grid * grid + cell) * each;
        int object = object(frame, cell, grid);
        if (object < 0) {
          History.writeNothing(frame, labels, at);
        } else {
          boolean first = !seen[object] && coverage.holdsMiddle(object, times[frame], grid, cell);
          seen[object] |= first;
          history.write(object, frame, first, labels, at);
        }
      }
    }
    return labels;
  }

  private int object(int frame, int cell, int grid) {
    int each = fine / grid;
    int[] covered = new int[scene.actors().size()];
    for (int part = 0; part < each * each; part++) {
      int row = cell / grid * each + part / each;
      int column = cell % grid * each + part % each;
      int object = objects[frame][row * fine + column];
      if (object >= 0) {
        covered[object]++;
      }
    }
    int most = -1;
    for (int i = 0; i < covered.length; i++) {
      if (covered[i] >= LEAST_SHARE * each * each && (most < 0 || covered[i] > covered[most])) {
        most = i;
      }
    }
    return most;
  }
}
