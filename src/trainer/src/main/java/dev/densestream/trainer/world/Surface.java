package dev.densestream.trainer.world;

/** How much of the second shade a texture shows at a place, in coordinates of the object. */
final class Surface {
  private final Texture texture;
  private final double period;
  private final double dot;
  private final double across;
  private final double cos;
  private final double sin;

  Surface(Texture texture, Pattern pattern) {
    this.texture = texture;
    this.period = pattern.period();
    this.dot = pattern.dot();
    this.across = pattern.across();
    this.cos = Math.cos(pattern.turn());
    this.sin = Math.sin(pattern.turn());
  }

  /**
   * A share from 0 to 1.
   *
   * @param blur width of a pixel, in radii of the object: edges are as soft as that
   */
  double second(double x, double y, double blur) {
    double u = (cos * x + sin * y) / period + across;
    double v = (cos * y - sin * x) / period + across;
    double pixel = blur / period;
    return switch (texture) {
      case PLAIN -> 0;
      case STRIPED -> soft(wave(u), pixel);
      case CHECKERED -> {
        double one = soft(wave(u), pixel);
        double other = soft(wave(v), pixel);
        yield one + other - 2 * one * other;
      }
      case DOTTED -> {
        double dx = u - Math.rint(u);
        double dy = v - Math.rint(v);
        yield soft(dot - Math.sqrt(dx * dx + dy * dy), pixel);
      }
    };
  }

  /** Distance to the nearest change of stripe, positive in every other one. */
  private static double wave(double x) {
    double phase = x - Math.floor(x);
    return 0.25 - Math.abs(phase - 0.5);
  }

  private static double soft(double distance, double blur) {
    return Math.clamp(0.5 + distance / blur, 0.0, 1.0);
  }
}
