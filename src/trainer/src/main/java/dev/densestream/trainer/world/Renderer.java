package dev.densestream.trainer.world;

import java.util.List;

/**
 * Draws a scene's frames at one size. Where the picture's aspect is not the scene's, there are
 * black bars. Equal scenes, times and sizes give equal pixels. Not for several threads at once.
 */
public final class Renderer {
  private final Scene scene;
  private final Canvas canvas;
  private final Backdrop backdrop;
  private final Shake shake;
  private final ForeignLayer foreign;
  private final List<ActorBrush> brushes;

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
    this.brushes = scene.actors().stream().map(ActorBrush::new).toList();
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

  private float[] paint(double seconds) {
    double x = shake.x(seconds);
    double y = shake.y(seconds);
    double drift = foreign.drifted(seconds);
    backdrop.draw(canvas, (x + drift) * canvas.scale(), y * canvas.scale());
    foreign.draw(canvas, seconds);
    for (ActorBrush brush : brushes) {
      brush.draw(canvas, seconds, x, y);
    }
    Grain.add(scene.setting().camera(), seconds, canvas.rgb());
    canvas.bars();
    return canvas.rgb();
  }
}
