package dev.densestream.trainer.world;

import java.util.Arrays;

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
    int fine = side * SAMPLES;
    int[] front = front(seconds, fine);
    int[] covered = new int[scene.actors().size() + 1];
    for (int cell = 0; cell < side * side; cell++) {
      Arrays.fill(covered, 0);
      for (int sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        int column = cell % side * SAMPLES + sample % SAMPLES;
        int row = cell / side * SAMPLES + sample / SAMPLES;
        covered[front[row * fine + column] + 1]++;
      }
      int most = 0;
      for (int i = 1; i < covered.length; i++) {
        most = covered[i] > covered[most] ? i : most;
      }
      cells[cell] = most - 1;
    }
  }

  /**
   * Whether an object's middle is in a cell of a grid over the square.
   *
   * @param side cells along a side
   */
  public boolean holdsMiddle(int object, double seconds, int side, int cell) {
    Keyframe at = scene.actors().get(object).at(seconds);
    double across = place(canvas.width(), canvas.sceneX(0), at.x() + shake.x(seconds));
    double down = place(canvas.height(), canvas.sceneY(0), at.y() + shake.y(seconds));
    int row = cell / side;
    return Math.floor(across * side) == cell % side && Math.floor(down * side) == row;
  }

  /** Share of the square's side; the other way than {@link #places}. */
  private double place(int pixels, double start, double at) {
    int square = Math.max(canvas.width(), canvas.height());
    double pixel = (at - start) * canvas.scale() + 0.5;
    return (pixel + (square - pixels) / 2.0) / square;
  }

  /** The foremost object at each point of a grid over the square, -1 for none. */
  private int[] front(double seconds, int fine) {
    int[] front = new int[fine * fine];
    Arrays.fill(front, -1);
    double[] across = places(canvas.width(), canvas.sceneX(0), scene.width(), fine);
    double[] down = places(canvas.height(), canvas.sceneY(0), scene.height(), fine);
    for (int object = 0; object < scene.actors().size(); object++) {
      Footprint footprint = new Footprint(scene.actors().get(object), seconds);
      Keyframe at = footprint.at();
      for (int row = 0; row < fine; row++) {
        double y = down[row] - shake.y(seconds);
        if (Math.abs(y - at.y()) <= at.radius()) { // most rows are far from it
          for (int column = 0; column < fine; column++) {
            if (footprint.covers(across[column] - shake.x(seconds), y)) {
              front[row * fine + column] = object;
            }
          }
        }
      }
    }
    return front;
  }

  /** Where a grid's points along one side of the square are in the scene; NaN for outside it. */
  private double[] places(int pixels, double start, double end, int fine) {
    int square = Math.max(canvas.width(), canvas.height());
    double[] places = new double[fine];
    for (int point = 0; point < fine; point++) {
      double pixel = (point + 0.5) / fine * square - (square - pixels) / 2.0;
      double place = start + (pixel - 0.5) / canvas.scale();
      places[point] = place >= 0 && place < end ? place : Double.NaN;
    }
    return places;
  }
}
