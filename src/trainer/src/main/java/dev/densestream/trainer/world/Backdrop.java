package dev.densestream.trainer.world;

/**
 * A background drawn once, larger than the picture by a margin on every side, so that the camera
 * can move over it.
 */
final class Backdrop {
  private final int width;
  private final int height;
  private final int margin;
  private final float[] rgb;

  /**
   * @param margin pixels on every side
   */
  Backdrop(Background background, Canvas canvas, int margin) {
    this.margin = margin;
    this.width = canvas.width() + 2 * margin;
    this.height = canvas.height() + 2 * margin;
    this.rgb = new float[3 * width * height];
    Mix mix = Mix.of(background);
    for (int row = 0, at = 0; row < height; row++) {
      double y = canvas.sceneY(row - margin);
      for (int column = 0; column < width; column++, at += 3) {
        double share = mix.at(canvas.sceneX(column - margin), y);
        rgb[at] = blend(Tones.red(background.first()), Tones.red(background.second()), share);
        rgb[at + 1] =
            blend(Tones.green(background.first()), Tones.green(background.second()), share);
        rgb[at + 2] = blend(Tones.blue(background.first()), Tones.blue(background.second()), share);
      }
    }
  }

  private static float blend(int a, int b, double share) {
    return (float) (a + share * (b - a));
  }

  /** Fills the canvas, the background moved by so many pixels. */
  void draw(Canvas canvas, double right, double down) {
    double x = Math.clamp(margin - right, 0.0, 2.0 * margin);
    double y = Math.clamp(margin - down, 0.0, 2.0 * margin);
    int x0 = (int) Math.min(x, Math.max(0, 2 * margin - 1));
    int y0 = (int) Math.min(y, Math.max(0, 2 * margin - 1));
    if (margin == 0) {
      System.arraycopy(rgb, 0, canvas.rgb(), 0, rgb.length);
      return;
    }
    float u = (float) (x - x0);
    float v = (float) (y - y0);
    int count = 3 * canvas.width();
    for (int row = 0; row < canvas.height(); row++) {
      blendRows(3 * ((y0 + row) * width + x0), u, v, canvas.rgb(), row * count, count);
    }
  }

  private void blendRows(int from, float u, float v, float[] out, int to, int count) {
    int below = from + 3 * width;
    for (int i = 0; i < count; i++) {
      float top = rgb[from + i] + u * (rgb[from + i + 3] - rgb[from + i]);
      float bottom = rgb[below + i] + u * (rgb[below + i + 3] - rgb[below + i]);
      out[to + i] = top + v * (bottom - top);
    }
  }

  /** How much of the second tone is at a place of the scene. */
  private interface Mix {
    double at(double x, double y);

    static Mix of(Background background) {
      ValueNoise noise = new ValueNoise(background.seed());
      double angle = (background.seed() >>> 8 & 0xff) * (2 * Math.PI / 256);
      double coarse = 2 + (background.seed() >>> 16 & 7);
      return switch (background.kind()) {
        case PLAIN -> (x, y) -> 0;
        case GRADIENT ->
            (x, y) ->
                Math.clamp(
                    0.5 + 0.7 * ((x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle)),
                    0.0,
                    1.0);
        case NOISE -> (x, y) -> noise.at(40 * x, 40 * y, 2, 0.8);
        case PHOTO -> (x, y) -> spread(noise.at(coarse * x, coarse * y * 1.3, 5, 0.6));
        case RADIAL ->
            (x, y) ->
                Math.min(1, 1.4 * Math.hypot(x - 0.5 * Math.cos(angle), y - Math.abs(angle) / 8));
        case BANDS ->
            (x, y) ->
                0.5 + 0.5 * Math.sin(6 * coarse * (x * Math.cos(angle) + y * Math.sin(angle)));
        case TILES -> {
          double each = 0.02 + 0.01 * coarse;
          yield (x, y) -> (int) (Math.floor(x / each) + Math.floor(y / each)) & 1;
        }
        case LATTICE -> {
          double each = 0.05 + 0.02 * coarse;
          yield (x, y) -> line(x / each) || line(y / each) ? 1 : 0;
        }
      };
    }

    private static boolean line(double periods) {
      return periods - Math.floor(periods) < 0.12;
    }

    private static double spread(double share) {
      return Math.clamp(0.5 + 2 * (share - 0.5), 0.0, 1.0);
    }
  }
}
