package dev.densestream.trainer.world;

import java.util.Arrays;

/**
 * A picture being painted, {@code [height, width, 3]}, 0 to 255; and where the scene lies in it:
 * fitted, centred, with bars where the aspects differ.
 */
final class Canvas {
  /** Leaves what is there. */
  static final int NOTHING = -1;

  private final int width;
  private final int height;
  private final float[] rgb;
  private final double scale;
  private final double left;
  private final double top;

  Canvas(int width, int height, double sceneWidth, double sceneHeight) {
    this.width = width;
    this.height = height;
    this.rgb = new float[3 * width * height];
    this.scale = Math.min(width / sceneWidth, height / sceneHeight);
    this.left = (width - sceneWidth * scale) / 2;
    this.top = (height - sceneHeight * scale) / 2;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** {@code [height, width, 3]}, the canvas itself. */
  float[] rgb() {
    return rgb;
  }

  /** Pixels for one unit of the scene. */
  double scale() {
    return scale;
  }

  /** Position in the scene of a pixel's middle. */
  double sceneX(int column) {
    return (column + 0.5 - left) / scale;
  }

  double sceneY(int row) {
    return (row + 0.5 - top) / scale;
  }

  double column(double sceneX) {
    return sceneX * scale + left;
  }

  double row(double sceneY) {
    return sceneY * scale + top;
  }

  void mix(int column, int row, int tone, double share) {
    int at = 3 * (row * width + column);
    float part = (float) share;
    rgb[at] += part * (Tones.red(tone) - rgb[at]);
    rgb[at + 1] += part * (Tones.green(tone) - rgb[at + 1]);
    rgb[at + 2] += part * (Tones.blue(tone) - rgb[at + 2]);
  }

  /** A rectangle in scene coordinates, its edges blended. */
  void box(double x0, double y0, double x1, double y1, int tone) {
    double c0 = column(x0);
    double c1 = column(x1);
    double r0 = row(y0);
    double r1 = row(y1);
    for (int row = Math.max(0, (int) r0); row < Math.min(height, r1); row++) {
      double high = Math.min(row + 1, r1) - Math.max(row, r0);
      for (int column = Math.max(0, (int) c0); column < Math.min(width, c1); column++) {
        double wide = Math.min(column + 1, c1) - Math.max(column, c0);
        mix(column, row, tone, Math.clamp(high, 0.0, 1.0) * Math.clamp(wide, 0.0, 1.0));
      }
    }
  }

  /** What a place of the scene is painted in. */
  interface Painting {
    /** A tone, or {@link #NOTHING}. */
    int at(double x, double y);
  }

  /** Paints every pixel. */
  void fill(Painting painting) {
    for (int row = 0; row < height; row++) {
      double y = sceneY(row);
      for (int column = 0; column < width; column++) {
        int tone = painting.at(sceneX(column), y);
        if (tone != NOTHING) {
          mix(column, row, tone, 1);
        }
      }
    }
  }

  /** An upright ellipse in scene coordinates. */
  void ellipse(double x, double y, double rx, double ry, int tone) {
    ellipse(x, y, rx, ry, 1, (_, _) -> tone);
  }

  /** One that lets through what is behind it. */
  void glow(double x, double y, double radius, int tone, double share) {
    ellipse(x, y, radius, radius, share, (_, _) -> tone);
  }

  /** One that is a body, lit from the left above. */
  void ball(double x, double y, double rx, double ry, int tone) {
    int lit = Tones.mixed(tone, 0xffffff, 0.25);
    int dark = Tones.mixed(tone, 0x000000, 0.55);
    ellipse(
        x,
        y,
        rx,
        ry,
        1,
        (u, v) -> Tones.mixed(lit, dark, Math.clamp(0.4 + 0.4 * (u + v), 0.0, 1.0)));
  }

  /**
   * An ellipse.
   *
   * @param painting in coordinates of the ellipse, from -1 to 1
   */
  private void ellipse(
      double x, double y, double rx, double ry, double opacity, Painting painting) {
    double c = column(x);
    double r = row(y);
    double px = Math.max(0.5, rx * scale);
    double py = Math.max(0.5, ry * scale);
    for (int row = Math.max(0, (int) (r - py - 1)); row < Math.min(height, r + py + 1); row++) {
      double v = (row + 0.5 - r) / py;
      int end = (int) Math.ceil(Math.min(width, c + px + 1));
      for (int column = Math.max(0, (int) (c - px - 1)); column < end; column++) {
        double u = (column + 0.5 - c) / px;
        double distance = (Math.sqrt(u * u + v * v) - 1) * Math.min(px, py);
        double share = Math.clamp(0.5 - distance, 0.0, 1.0);
        if (share > 0) {
          mix(column, row, painting.at(u, v), opacity * share);
        }
      }
    }
  }

  /** Black outside of the scene. */
  void bars() {
    int firstColumn = (int) Math.round(left);
    int firstRow = (int) Math.round(top);
    for (int row = 0; row < height; row++) {
      int at = 3 * row * width;
      if (row < firstRow || row >= height - firstRow) {
        Arrays.fill(rgb, at, at + 3 * width, 0);
      } else {
        Arrays.fill(rgb, at, at + 3 * firstColumn, 0);
        Arrays.fill(rgb, at + 3 * (width - firstColumn), at + 3 * width, 0);
      }
    }
  }
}
