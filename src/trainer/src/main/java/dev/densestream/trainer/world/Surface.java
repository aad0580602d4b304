package dev.densestream.trainer.world;

/** How much of the second shade a texture shows at a place, in coordinates of the object. */
final class Surface {
  private static final double PERIOD = 0.62;

  private Surface() {}

  /**
   * A share from 0 to 1.
   *
   * @param blur width of a pixel, in radii of the object: edges are as soft as that
   */
  static double second(Texture texture, double x, double y, double blur) {
    return switch (texture) {
      case PLAIN -> 0;
      case STRIPED -> soft(wave(x), blur);
      case CHECKERED -> {
        double across = soft(wave(x), blur);
        double along = soft(wave(y), blur);
        yield across + along - 2 * across * along;
      }
      case DOTTED -> {
        double dx = x / PERIOD - Math.rint(x / PERIOD);
        double dy = y / PERIOD - Math.rint(y / PERIOD);
        yield soft((0.30 - Math.sqrt(dx * dx + dy * dy)) * PERIOD, blur);
      }
    };
  }

  /** Distance to the nearest change of stripe, positive in every other one. */
  private static double wave(double x) {
    double phase = x / PERIOD - Math.floor(x / PERIOD);
    return (0.25 - Math.abs(phase - 0.5)) * PERIOD;
  }

  private static double soft(double distance, double blur) {
    return Math.clamp(0.5 + distance / blur, 0.0, 1.0);
  }
}
