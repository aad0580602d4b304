package dev.densestream.trainer.world;

/** Closed lines, as coordinates x and y in turn. */
final class Polygon {
  private Polygon() {}

  /** Corners on two circles in turn, the first at the top. */
  static double[] star(int points, double inner) {
    double[] corners = new double[4 * points];
    for (int i = 0; i < 2 * points; i++) {
      double angle = Math.PI * i / points - Math.PI / 2;
      double radius = i % 2 == 0 ? 1 : inner;
      corners[2 * i] = radius * Math.cos(angle);
      corners[2 * i + 1] = radius * Math.sin(angle);
    }
    return corners;
  }

  static double[] onCircle(double... angles) {
    double[] corners = new double[2 * angles.length];
    for (int i = 0; i < angles.length; i++) {
      corners[2 * i] = Math.cos(angles[i]);
      corners[2 * i + 1] = Math.sin(angles[i]);
    }
    return corners;
  }

  static double[] turned(double[] corners, double angle) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double[] turned = new double[corners.length];
    for (int i = 0; i < corners.length; i += 2) {
      turned[i] = cos * corners[i] - sin * corners[i + 1];
      turned[i + 1] = sin * corners[i] + cos * corners[i + 1];
    }
    return turned;
  }

  /** Distance to the nearest edge; its sign from how often a ray to the right meets the edges. */
  static double distance(double[] p, double x, double y) {
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
