package dev.densestream.trainer.world;

import java.util.Arrays;

/**
 * Draws a scene's frames at one size. Where the picture's aspect is not the scene's, there are
 * black bars. Equal scenes, times and sizes give equal pixels. Not for several threads at once.
 */
public final class Renderer {
  private static final int LABEL_SAMPLES = 3;

  private final Scene scene;
  private final Canvas canvas;
  private final Backdrop backdrop;
  private final Shake shake;
  private final ForeignLayer foreign;

  /**
   * Prepares what does not change from frame to frame.
   *
   * @param width pixels
   * @param height pixels
   */
  public Renderer(Scene scene, int width, int height) {
    this.scene = scene;
    this.canvas = new Canvas(width, height, scene.width(), scene.height());
    Camera camera = scene.setting().camera();
    this.shake = new Shake(camera);
    this.foreign = new ForeignLayer(scene);
    double reach = Math.max(camera.shake(), foreign.drift());
    int margin = reach > 0 ? (int) Math.ceil(reach * canvas.scale()) + 1 : 0;
    this.backdrop = new Backdrop(scene.setting().background(), canvas, margin);
  }

  /** Pixels. */
  public int width() {
    return canvas.width();
  }

  /** Pixels. */
  public int height() {
    return canvas.height();
  }

  /**
   * Draws the frame at a time.
   *
   * @param rgb gets {@code [height, width, 3]} uint8 from {@code offset} on
   */
  public void draw(double seconds, byte[] rgb, int offset) {
    float[] painted = paint(seconds);
    for (int i = 0; i < painted.length; i++) {
      rgb[offset + i] = (byte) (int) Math.clamp(painted[i] + 0.5f, 0f, 255f);
    }
  }

  /**
   * Draws the frame at a time.
   *
   * @param rgb gets {@code [height, width, 3]}, 0 to 1, from {@code offset} on
   */
  public void draw(double seconds, float[] rgb, int offset) {
    float[] painted = paint(seconds);
    for (int i = 0; i < painted.length; i++) {
      rgb[offset + i] = Math.clamp(painted[i], 0f, 255f) / 255f;
    }
  }

  /**
   * Tells which object covers most of each cell of a grid over the picture.
   *
   * @param cells gets {@code [rows, columns]}: the object's index in the scene, -1 where the
   *     background covers most
   */
  public void label(double seconds, int columns, int rows, int[] cells) {
    int[] covered = new int[scene.actors().size() + 1];
    for (int cell = 0; cell < columns * rows; cell++) {
      Arrays.fill(covered, 0);
      for (int sample = 0; sample < LABEL_SAMPLES * LABEL_SAMPLES; sample++) {
        int column = cell % columns;
        int row = cell / columns;
        int right = sample % LABEL_SAMPLES;
        int down = sample / LABEL_SAMPLES;
        double u = (column + (right + 0.5) / LABEL_SAMPLES) / columns;
        double v = (row + (down + 0.5) / LABEL_SAMPLES) / rows;
        covered[front(seconds, u, v) + 1]++;
      }
      int most = 0;
      for (int i = 1; i < covered.length; i++) {
        most = covered[i] > covered[most] ? i : most;
      }
      cells[cell] = most - 1;
    }
  }

  private int front(double seconds, double u, double v) {
    double x = canvas.sceneX(0) + (u * canvas.width() - 0.5) / canvas.scale() - shake.x(seconds);
    double y = canvas.sceneY(0) + (v * canvas.height() - 0.5) / canvas.scale() - shake.y(seconds);
    for (int i = scene.actors().size() - 1; i >= 0; i--) {
      if (Visibility.covers(scene.actors().get(i), seconds, x, y)) {
        return i;
      }
    }
    return -1;
  }

  private float[] paint(double seconds) {
    double x = shake.x(seconds);
    double y = shake.y(seconds);
    double drift = foreign.drifted(seconds);
    backdrop.draw(canvas, (x + drift) * canvas.scale(), y * canvas.scale());
    foreign.draw(canvas, seconds);
    for (Actor actor : scene.actors()) {
      ActorBrush.draw(canvas, actor, seconds, x, y);
    }
    Grain.add(scene.setting().camera(), seconds, canvas.rgb());
    canvas.bars();
    return canvas.rgb();
  }
}
