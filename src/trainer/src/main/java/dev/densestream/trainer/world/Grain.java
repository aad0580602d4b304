package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/** A camera's noise: normal, new in every frame, the same for the same frame. */
final class Grain {
  private static final int MASK = (1 << 12) - 1;
  private static final float[] NORMAL = normal();

  private Grain() {}

  private static float[] normal() {
    SplittableRandom random = new SplittableRandom(12);
    float[] values = new float[MASK + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Multiplies by the camera's gain and adds its noise. */
  static void add(Camera camera, double seconds, float[] rgb) {
    float gain = (float) camera.gain();
    float noise = (float) camera.noise();
    long state = Seeds.mixed(camera.seed() + Math.round(seconds * 1e6)) | 1;
    for (int i = 0; i < rgb.length; i++) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      rgb[i] = gain * rgb[i] + noise * NORMAL[(int) (state >>> 20) & MASK];
    }
  }
}
