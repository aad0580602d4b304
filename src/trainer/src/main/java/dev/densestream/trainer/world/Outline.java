package dev.densestream.trainer.world;

/** The shapes as signed distances, for a circle of radius 1 around each: negative inside. */
final class Outline {
  private static final double[] TRIANGLE = polygon(3, 1, 1);
  private static final double[] STAR = polygon(10, 1, 0.43);
  private static final double[] DIAMOND = {0, -1, 0.72, 0, 0, 1, -0.72, 0};
  private static final double ARM = 0.31;
  private static final double REACH = 0.94;
  private static final double[] CROSS = {
    -ARM, -REACH, ARM, -REACH, ARM, -ARM, REACH, -ARM, REACH, ARM, ARM, ARM, ARM, REACH, -ARM,
    REACH, -ARM, ARM, -REACH, ARM, -REACH, -ARM, -ARM, -ARM
  };
  private static final double SIDE = 0.8;
  private static final double[] SQUARE = {-SIDE, -SIDE, SIDE, -SIDE, SIDE, SIDE, -SIDE, SIDE};

  private Outline() {}

  /** Exact for all but the corners of a ring's sum, which has none. */
  static double distance(Shape shape, double x, double y) {
    return switch (shape) {
      case CIRCLE -> Math.sqrt(x * x + y * y) - 0.9;
      case RING -> Math.abs(Math.sqrt(x * x + y * y) - 0.68) - 0.24;
      case SQUARE -> polygon(SQUARE, x, y);
      case TRIANGLE -> polygon(TRIANGLE, x, y);
      case STAR -> polygon(STAR, x, y);
      case CROSS -> polygon(CROSS, x, y);
      case DIAMOND -> polygon(DIAMOND, x, y);
    };
  }

  /** Corners on two circles in turn, the first at the top. */
  private static double[] polygon(int corners, double outer, double inner) {
    double[] points = new double[2 * corners];
    for (int i = 0; i < corners; i++) {
      double angle = 2 * Math.PI * i / corners - Math.PI / 2;
      double radius = i % 2 == 0 || corners == 3 ? outer : inner;
      points[2 * i] = radius * Math.cos(angle);
      points[2 * i + 1] = radius * Math.sin(angle);
    }
    return points;
  }

  /** Distance to the nearest edge; its sign from how often a ray to the right meets the edges. */
  private static double polygon(double[] p, double x, double y) {
    double nearest = Double.MAX_VALUE;
    boolean inside = false;
    for (int i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
      double ex = p[j] - p[i];
      double ey = p[j + 1] - p[i + 1];
      double wx = x - p[i];
      double wy = y - p[i + 1];
      double share = Math.clamp((wx * ex + wy * ey) / (ex * ex + ey * ey), 0.0, 1.0);
      double bx = wx - ex * share;
      double by = wy - ey * share;
      nearest = Math.min(nearest, bx * bx + by * by);
      boolean between = p[i + 1] > y != p[j + 1] > y;
      if (between && x < ex * (y - p[i + 1]) / ey + p[i]) {
        inside = !inside;
      }
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  }
}
