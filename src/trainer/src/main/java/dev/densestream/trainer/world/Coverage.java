package dev.densestream.trainer.world;

import java.util.Arrays;
import java.util.List;

/** Tells where the objects of a scene are in a picture of it that is padded to a square. */
public final class Coverage {
  private static final int SAMPLES = 3;

  private final Scene scene;
  private final Canvas canvas;
  private final Shake shake;

  /**
   * Of pictures of a size.
   *
   * @param width pixels
   * @param height pixels
   */
  public Coverage(Scene scene, int width, int height) {
    this.scene = scene;
    this.canvas = new Canvas(width, height, scene.width(), scene.height());
    this.shake = new Shake(scene.setting().camera());
  }

  /**
   * Tells which object covers most of each cell of a grid over the square.
   *
   * @param cells gets {@code [side, side]}: the object's index in the scene, -1 where what is no
   *     object covers most
   */
  public void label(double seconds, int side, int[] cells) {
    int[] covered = new int[scene.actors().size() + 1];
    List<Footprint> footprints =
        scene.actors().stream().map(actor -> new Footprint(actor, seconds)).toList();
    for (int cell = 0; cell < side * side; cell++) {
      Arrays.fill(covered, 0);
      for (int sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        int column = cell % side * SAMPLES + sample % SAMPLES;
        int row = cell / side * SAMPLES + sample / SAMPLES;
        double u = (column + 0.5) / SAMPLES;
        double v = (row + 0.5) / SAMPLES;
        covered[front(footprints, seconds, u / side, v / side) + 1]++;
      }
      int most = 0;
      for (int i = 1; i < covered.length; i++) {
        most = covered[i] > covered[most] ? i : most;
      }
      cells[cell] = most - 1;
    }
  }

  private int front(List<Footprint> footprints, double seconds, double u, double v) {
    int square = Math.max(canvas.width(), canvas.height());
    double column = u * square - (square - canvas.width()) / 2.0;
    double row = v * square - (square - canvas.height()) / 2.0;
    double x = canvas.sceneX(0) + (column - 0.5) / canvas.scale();
    double y = canvas.sceneY(0) + (row - 0.5) / canvas.scale();
    if (x < 0 || y < 0 || x >= scene.width() || y >= scene.height()) {
      return -1;
    }
    int i = footprints.size() - 1;
    while (i >= 0 && !footprints.get(i).covers(x - shake.x(seconds), y - shake.y(seconds))) {
      i--;
    }
    return i;
  }
}
