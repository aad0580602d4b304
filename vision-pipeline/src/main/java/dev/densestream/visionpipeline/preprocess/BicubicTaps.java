package dev.densestream.visionpipeline.preprocess;

/**
 * Which input pixels one axis's output pixels are made of, and with which weights.
 *
 * <p>Cubic convolution with a = -0.5, widened by the shrink factor so that it also low-passes.
 * Weights are fixed-point with 22 fractional bits, as Pillow has them for 8-bit pixels: with floats
 * one pixel in some thousands would differ. What falls on padding, all of one colour, is one
 * weight: integers add up to the same in any order.
 *
 * @param first pixel of the frame that each output pixel takes
 * @param count pixels of the frame that each output pixel takes
 * @param weights {@code taps} for each output pixel
 * @param padding what remains for the background's colour
 */
@SuppressWarnings("ArrayRecordComponent") // internal and never compared
record BicubicTaps(int[] first, int[] count, int[] weights, int[] padding, int taps) {
  static final int FRACTION_BITS = 32 - 8 - 2;
  private static final double A = -0.5;
  private static final double SUPPORT = 2;

  static BicubicTaps of(Axis axis) {
    double scale = (double) axis.canvas() / axis.resized();
    double filterScale = Math.max(scale, 1);
    double support = SUPPORT * filterScale;
    int taps = (int) Math.ceil(support) * 2 + 1;
    int outputs = axis.window();
    BicubicTaps result =
        new BicubicTaps(
            new int[outputs],
            new int[outputs],
            new int[Math.multiplyExact(outputs, Math.min(taps, axis.frame()))],
            new int[outputs],
            Math.min(taps, axis.frame()));
    double[] exact = new double[taps];
    for (int out = 0; out < outputs; out++) {
      double centre = (axis.from() + out + 0.5) * scale;
      int begin = Math.max((int) (centre - support + 0.5), 0);
      int end = Math.min((int) (centre + support + 0.5), axis.canvas());
      double sum = 0;
      for (int tap = 0; tap < end - begin; tap++) {
        exact[tap] = cubic((tap + begin - centre + 0.5) / filterScale);
        sum += exact[tap];
      }
      result.round(out, exact, sum, begin - axis.before(), end - axis.before(), axis.frame());
    }
    return result;
  }

  /** {@code begin} and {@code end} count from the frame's first pixel. */
  private void round(int out, double[] exact, double sum, int begin, int end, int frame) {
    first[out] = Math.clamp(begin, 0, frame);
    count[out] = Math.clamp(end, 0, frame) - first[out];
    for (int pixel = begin; pixel < end; pixel++) {
      double weight = exact[pixel - begin] / sum * (1 << FRACTION_BITS);
      int rounded = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      if (pixel < 0 || pixel >= frame) {
        padding[out] += rounded;
      } else {
        weights[out * taps + pixel - first[out]] = rounded;
      }
    }
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
  }
}
