package dev.densestream.visionpipeline.preprocess;

/**
 * Which input pixels one axis's output pixels are made of, and with which weights.
 *
 * <p>Cubic convolution with a = -0.5, widened by the shrink factor so that it also low-passes.
 * Weights are fixed-point with 22 fractional bits, as Pillow has them for 8-bit pixels: with floats
 * one pixel in some thousands would differ.
 *
 * @param first input pixel of each output pixel
 * @param count input pixels of each output pixel
 * @param weights {@code taps} for each output pixel
 */
@SuppressWarnings("ArrayRecordComponent") // internal and never compared
record BicubicTaps(int[] first, int[] count, int[] weights, int taps) {
  static final int FRACTION_BITS = 32 - 8 - 2;
  private static final double A = -0.5;
  private static final double SUPPORT = 2;

  static BicubicTaps of(int inputSize, int outputSize) {
    double scale = (double) inputSize / outputSize;
    double filterScale = Math.max(scale, 1);
    double support = SUPPORT * filterScale;
    int taps = (int) Math.ceil(support) * 2 + 1;
    BicubicTaps result =
        new BicubicTaps(new int[outputSize], new int[outputSize], new int[outputSize * taps], taps);
    double[] exact = new double[taps];
    for (int out = 0; out < outputSize; out++) {
      double centre = (out + 0.5) * scale;
      int begin = Math.max((int) (centre - support + 0.5), 0);
      int end = Math.min((int) (centre + support + 0.5), inputSize);
      result.first[out] = begin;
      result.count[out] = end - begin;
      double sum = 0;
      for (int tap = 0; tap < end - begin; tap++) {
        exact[tap] = cubic((tap + begin - centre + 0.5) / filterScale);
        sum += exact[tap];
      }
      result.round(out, exact, sum);
    }
    return result;
  }

  private void round(int out, double[] exact, double sum) {
    for (int tap = 0; tap < count[out]; tap++) {
      double weight = exact[tap] / sum * (1 << FRACTION_BITS);
      weights[out * taps + tap] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
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
