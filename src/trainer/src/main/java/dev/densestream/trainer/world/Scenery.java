package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/** Places without any object of the world, as photographs and films show them. */
final class Scenery {
  private final Canvas canvas;
  private final SplittableRandom random;
  private final double width;
  private final double height;
  private final ValueNoise noise;

  /**
   * Draws from a generator that gives the same in every frame.
   *
   * @param width of the scene
   * @param height of the scene
   */
  Scenery(Canvas canvas, SplittableRandom random, double width, double height) {
    this.canvas = canvas;
    this.random = random;
    this.width = width;
    this.height = height;
    this.noise = new ValueNoise(random.nextLong());
  }

  /** Sky, ranges of hills one before the other, grass, a few trees. */
  void landscape(double at) {
    int sky = Tones.ofHsv(random.nextDouble(190, 230), random.nextDouble(0.6), 0.9);
    int glow = Tones.ofHsv(random.nextDouble(20, 60), random.nextDouble(0.5), 0.95);
    double drift = random.nextDouble(-0.03, 0.03) * at;
    canvas.fill((x, y) -> Tones.mixed(sky, glow, Math.clamp(y / height, 0.0, 1.0)));
    int ranges = 2 + random.nextInt(3);
    for (int i = 0; i < ranges; i++) {
      double top = height * (0.3 + 0.5 * i / ranges + random.nextDouble(-0.1, 0.1));
      int tone = Tones.ofHsv(random.nextDouble(60, 150), random.nextDouble(0.2, 0.75), 0.65);
      hills(top, tone, 1.5 + i, drift * (i + 1), i);
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      tree(random.nextDouble(width), height * random.nextDouble(0.5, 0.9));
    }
  }

  private void hills(double top, int tone, double steep, double drift, int range) {
    canvas.fill(
        (x, y) -> {
          double crest = top - 0.25 * (noise.at(steep * x + 7.3 * range + drift, 0, 4, 0.5) - 0.5);
          if (y < crest) {
            return Canvas.NOTHING;
          }
          double grain = noise.at(25 * (x + drift), 60 * y, 3, 0.7);
          return Tones.mixed(tone, 0x0a1008, Math.clamp(1.5 * grain - 0.4, 0.0, 0.8));
        });
  }

  private void tree(double x, double foot) {
    double size = random.nextDouble(0.1, 0.3);
    int bark = Tones.ofHsv(25, 0.4, random.nextDouble(0.15, 0.4));
    canvas.box(x - 0.05 * size, foot - size, x + 0.05 * size, foot, bark);
    int leaves = Tones.ofHsv(random.nextDouble(70, 150), 0.6, random.nextDouble(0.2, 0.6));
    for (int i = 0; i < 25; i++) {
      double u = x + size * random.nextDouble(-0.45, 0.45);
      double v = foot - size * random.nextDouble(0.6, 1.5);
      double radius = size * random.nextDouble(0.05, 0.18);
      canvas.ball(u, v, radius, radius * 0.8, leaves);
    }
  }

  /** From above: asphalt with specks and a few painted lines; a car now and then. */
  void asphalt(double at) {
    int grey = Tones.ofHsv(random.nextDouble(360), 0.06, random.nextDouble(0.25, 0.6));
    canvas.fill(
        (x, y) -> {
          double grain = noise.at(3 * x, 3 * y, 5, 0.8);
          return Tones.mixed(grey, grain > 0.5 ? 0xe0e0e0 : 0x101010, Math.abs(grain - 0.5));
        });
    for (int i = random.nextInt(5); i > 0; i--) {
      double x = random.nextDouble(width);
      double y = random.nextDouble(height);
      boolean lies = random.nextBoolean();
      canvas.box(x, y, x + (lies ? 0.3 : 0.012), y + (lies ? 0.012 : 0.3), 0xd0d0c8);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      fromAbove(at);
    }
  }

  private void fromAbove(double at) {
    double size = random.nextDouble(0.1, 0.22);
    double x = random.nextDouble(width);
    double y = random.nextDouble(-0.5, height + 0.5) + random.nextDouble(-0.4, 0.4) * (at - 2);
    int body = any();
    int glass = Tones.mixed(body, 0x182028, 0.75);
    canvas.ball(x, y - 0.75 * size, 0.45 * size, 0.25 * size, body);
    canvas.box(x - 0.45 * size, y - 0.75 * size, x + 0.45 * size, y + 0.85 * size, body);
    canvas.ball(x, y + 0.85 * size, 0.45 * size, 0.2 * size, body);
    canvas.box(x - 0.37 * size, y - 0.45 * size, x + 0.37 * size, y - 0.2 * size, glass);
    canvas.box(x - 0.35 * size, y + 0.5 * size, x + 0.35 * size, y + 0.7 * size, glass);
    canvas.box(x - 0.45 * size, y + 0.8 * size, x - 0.25 * size, y + 0.9 * size, 0xd03020);
    canvas.box(x + 0.25 * size, y + 0.8 * size, x + 0.45 * size, y + 0.9 * size, 0xd03020);
  }

  /** A wall and a table with things that stand on it; a hand comes now and then. */
  void table(double at) {
    int wall =
        Tones.ofHsv(random.nextDouble(360), random.nextDouble(0.2), random.nextDouble(0.4, 0.9));
    int top =
        Tones.ofHsv(random.nextDouble(20, 60), random.nextDouble(0.4), random.nextDouble(0.4, 1));
    double edge = height * random.nextDouble(0.55, 0.85);
    double lamp = random.nextDouble(width);
    canvas.fill(
        (x, y) -> Tones.mixed(y < edge ? wall : top, 0, Math.min(0.5, 0.35 * Math.abs(x - lamp))));
    int things = 1 + random.nextInt(5);
    for (int i = 0; i < things; i++) {
      bottle(width * (i + random.nextDouble(0.3, 0.7)) / things, edge + random.nextDouble(0.1));
    }
    if (random.nextBoolean()) {
      hand(random.nextDouble(width), 0.3 * Math.sin(at + random.nextDouble(6)));
    }
  }

  private void bottle(double x, double foot) {
    double tall = random.nextDouble(0.2, 0.5);
    double wide = tall * random.nextDouble(0.12, 0.22);
    int body = Tones.mixed(any(), 0xc0c8d0, random.nextDouble(0.8));
    for (double side = -1; side <= 0.8; side += 0.2) {
      int shade = Tones.mixed(body, side < -0.1 ? 0xffffff : 0x000000, 0.5 * Math.abs(side + 0.1));
      double left = x + side * wide;
      canvas.box(left, foot - 0.7 * tall, left + 0.2 * wide, foot, shade);
      canvas.box(x + 0.4 * side * wide, foot - tall, x + 0.4 * (side + 0.2) * wide, foot, shade);
    }
    canvas.ball(x, foot - 0.7 * tall, wide, 0.12 * tall, body);
    canvas.box(x - 0.4 * wide, foot - 1.08 * tall, x + 0.4 * wide, foot - tall, any());
    canvas.box(
        x - wide, foot - 0.5 * tall, x + wide, foot - 0.25 * tall, Tones.mixed(body, any(), 0.4));
  }

  private void hand(double x, double reach) {
    int skin =
        Tones.ofHsv(
            random.nextDouble(12, 30), random.nextDouble(0.3, 0.6), random.nextDouble(0.4, 0.9));
    double tip = 0.3 + reach;
    canvas.box(x - 0.06, -0.1, x + 0.06, tip - 0.1, any());
    canvas.ball(x, tip - 0.05, 0.07, 0.1, skin);
    for (int finger = 0; finger < 4; finger++) {
      canvas.ball(x - 0.06 + 0.04 * finger, tip + 0.05, 0.018, 0.06, skin);
    }
  }

  /** Cells of many tones without a common outline, as of stones, scales or painted glass. */
  void mosaic(double at) {
    int cells = 8 + random.nextInt(40);
    double[] x = random.doubles(cells, -0.1, width + 0.1).toArray();
    double[] y = random.doubles(cells, -0.1, height + 0.1).toArray();
    int first = any();
    int[] tones = random.ints(cells).map(any -> Tones.mixed(first, any & 0xffffff, 0.6)).toArray();
    double sway = 0.02 * Math.sin(2 * at);
    canvas.fill(
        (u, v) -> {
          int nearest = 0;
          double least = Double.MAX_VALUE;
          for (int i = 0; i < cells; i++) {
            double distance = Math.hypot(u + sway - x[i], v - y[i]);
            if (distance < least) {
              least = distance;
              nearest = i;
            }
          }
          return tones[nearest];
        });
  }

  private int any() {
    return Tones.ofHsv(random.nextDouble(360), random.nextDouble(0.9), random.nextDouble(0.1, 1));
  }
}
