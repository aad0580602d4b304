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

  /** The foremost object at each point of a grid over the square, -1 for none. */
  private int[] front(double seconds, int fine) {
    int[] front = new int[fine * fine];
    Arrays.fill(front, -1);
    Axis across = new Axis(canvas.width(), canvas.sceneX(0), shake.x(seconds), scene.width(), fine);
    Axis down = new Axis(canvas.height(), canvas.sceneY(0), shake.y(seconds), scene.height(), fine);
    for (int object = 0; object < scene.actors().size(); object++) {
      Footprint footprint = new Footprint(scene.actors().get(object), seconds);
      Keyframe at = footprint.at();
      int left = across.first(at.x() - at.radius());
      int right = across.last(at.x() + at.radius());
      for (int row = down.first(at.y() - at.radius());
          row <= down.last(at.y() + at.radius());
          row++) {
        for (int column = left; column <= right; column++) {
          if (footprint.covers(across.place(column), down.place(row))) {
            front[row * fine + column] = object;
          }
        }
      }
    }
    return front;
  }

  /** A grid's points along one side of the square. */
  private final class Axis {
    private final int pixels;
    private final double start;
    private final double shaken;
    private final double end;
    private final int fine;
    private final int square = Math.max(canvas.width(), canvas.height());

    Axis(int pixels, double start, double shaken, double end, int fine) {
      this.pixels = pixels;
      this.start = start;
      this.shaken = shaken;
      this.end = end;
      this.fine = fine;
    }

    /** In the scene as it is without the camera's shake. */
    double place(int point) {
      return seen(point) - shaken;
    }

    private double seen(int point) {
      double pixel = (point + 0.5) / fine * square - (square - pixels) / 2.0;
      return start + (pixel - 0.5) / canvas.scale();
    }

    /** No point before it is at or behind a place, or in the scene. */
    int first(double place) {
      int point = Math.max(0, (int) Math.floor(point(place)) - 1);
      while (point < fine && seen(point) < 0) {
        point++;
      }
      return point;
    }

    /** No point behind it is at or before a place, or in the scene. */
    int last(double place) {
      int point = Math.min(fine - 1, (int) Math.ceil(point(place)) + 1);
      while (point >= 0 && seen(point) >= end) {
        point--;
      }
      return point;
    }

    private double point(double place) {
      double pixel = (place + shaken - start) * canvas.scale() + 0.5;
      return (pixel + (square - pixels) / 2.0) / square * fine - 0.5;
    }
  }
}
