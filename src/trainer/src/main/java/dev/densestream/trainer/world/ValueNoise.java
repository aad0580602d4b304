package dev.densestream.trainer.world;

/** Smooth random structure over the plane, without a period. */
final class ValueNoise {
  private final long seed;

  ValueNoise(long seed) {
    this.seed = seed;
  }

  /**
   * Between 0 and 1, mostly near the middle.
   *
   * @param octaves scales summed, each half as wide and {@code gain} times as strong as the last
   */
  double at(double x, double y, int octaves, double gain) {
    double sum = 0;
    double weight = 0;
    double strength = 1;
    double scale = 1;
    for (int i = 0; i < octaves; i++) {
      sum += strength * smooth(x * scale, y * scale, i);
      weight += strength;
      strength *= gain;
      scale *= 2.03;
    }
    return sum / weight;
  }

  private double smooth(double x, double y, int octave) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double u = eased(x - x0);
    double v = eased(y - y0);
    double top = knot(x0, y0, octave) * (1 - u) + knot(x0 + 1, y0, octave) * u;
    double bottom = knot(x0, y0 + 1, octave) * (1 - u) + knot(x0 + 1, y0 + 1, octave) * u;
    return top * (1 - v) + bottom * v;
  }

  private static double eased(double share) {
    return share * share * (3 - 2 * share);
  }

  private double knot(int x, int y, int octave) {
    long mixed = Seeds.mixed(seed + 0x9E3779B97F4A7C15L * x + 0xC2B2AE3D27D4EB4FL * y + octave);
    return (mixed >>> 40) * 0x1p-24;
  }
}
