package dev.densestream.trainer.video;

import dev.densestream.trainer.world.Scene;
import java.util.SplittableRandom;

/** The many ways in which people's clips are encoded. */
public final class VariedFormats {
  private static final int[] RATES = {10, 15, 24, 25, 30};

  private VariedFormats() {}

  /** One of a usual size for each scene. */
  public static ClipFormat of(Scene scene) {
    SplittableRandom random = new SplittableRandom(scene.seed());
    return of(scene, random.nextDouble(128, 420), random);
  }

  /**
   * Any, of a size.
   *
   * @param side square root of the scene's area in the picture, pixels
   */
  public static ClipFormat of(Scene scene, double side, SplittableRandom random) {
    double stretch = random.nextInt(3) == 0 ? random.nextDouble(0.6, 1.6) : 1;
    int width = even(side * scene.width() * stretch);
    int height = even(side * scene.height());
    int rate = RATES[random.nextInt(RATES.length)];
    double bitsPerPixel = Math.exp(random.nextDouble(Math.log(0.05), Math.log(0.4)));
    Codec codec =
        switch (random.nextInt(6)) {
          case 0 -> Codec.MPEG4;
          case 1 -> Codec.VP9;
          default -> Codec.H264;
        };
    int bits = (int) Math.max(60_000, bitsPerPixel * width * height * rate);
    return new ClipFormat(width, height, rate, bits, codec);
  }

  /** The nearest even number: encoders halve the sides. */
  public static int even(double pixels) {
    return 2 * (int) Math.round(pixels / 2);
  }
}
