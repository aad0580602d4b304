package dev.densestream.trainer.command;

import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.Codec;
import dev.densestream.trainer.world.Scene;
import java.util.SplittableRandom;

/** The many ways in which people's clips are encoded, one for each scene. */
final class VariedFormats {
  private static final int[] RATES = {10, 15, 24, 25, 30};

  private VariedFormats() {}

  static ClipFormat of(Scene scene) {
    SplittableRandom random = new SplittableRandom(scene.seed());
    double side = random.nextDouble(128, 420);
    double stretch = random.nextInt(3) == 0 ? random.nextDouble(0.6, 1.6) : 1;
    int width = even(side * scene.width() * stretch);
    int height = even(side * scene.height());
    int rate = RATES[random.nextInt(RATES.length)];
    double bitsPerPixel = random.nextDouble(0.08, 0.4);
    Codec codec =
        switch (random.nextInt(6)) {
          case 0 -> Codec.MPEG4;
          case 1 -> Codec.VP9;
          default -> Codec.H264;
        };
    int bits = (int) Math.max(60_000, bitsPerPixel * width * height * rate);
    return new ClipFormat(width, height, rate, bits, codec);
  }

  static int even(double pixels) {
    return 2 * (int) Math.round(pixels / 2);
  }
}
