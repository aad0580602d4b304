package dev.densestream.trainer.world;

import java.util.Optional;
import java.util.SplittableRandom;

/** Draws what is not of the world. Every frame is drawn from the seed alone, moved by its time. */
final class ForeignLayer {
  private static final double PAN_REACH = 0.5;

  private final Optional<Foreign> kind;
  private final long seed;
  private final double width;
  private final double height;
  private final double seconds;

  ForeignLayer(Scene scene) {
    this.kind = scene.setting().foreign();
    this.seed = scene.seed();
    this.width = scene.width();
    this.height = scene.height();
    this.seconds = scene.seconds();
  }

  /** How far the background moves, in units of the scene. */
  double drift() {
    return kind.equals(Optional.of(Foreign.PAN)) ? PAN_REACH : 0;
  }

  /** How far it has moved by then, to the right. */
  double drifted(double at) {
    double way = (seed & 4) == 0 ? 1 : -1;
    return way * drift() * (2 * at / seconds - 1);
  }

  void draw(Canvas canvas, double at) {
    SplittableRandom random = new SplittableRandom(seed);
    switch (kind.orElse(Foreign.EMPTY)) {
      case EMPTY, STATIC -> {}
      case PAN -> {
        for (int i = 0; i < 12; i++) {
          patch(canvas, random, 0.05, 0.3, drifted(at));
        }
      }
      case CLUTTER -> {
        int tone =
            Tones.ofHsv(
                random.nextDouble(360), random.nextDouble(0.6), 0.2 + random.nextDouble(0.6));
        for (int i = 0; i < 160; i++) {
          leaf(canvas, random, tone, at);
        }
      }
      case LANDSCAPE -> new Scenery(canvas, random, width, height).landscape(at);
      case ASPHALT -> new Scenery(canvas, random, width, height).asphalt(at);
      case TABLE -> new Scenery(canvas, random, width, height).table(at);
      case MOSAIC -> new Scenery(canvas, random, width, height).mosaic(at);
      case CREATURE -> new Portraits(canvas, random, width, height).creature(at);
      case FACES -> new Portraits(canvas, random, width, height).faces(at);
      case SCREEN -> new Portraits(canvas, random, width, height).screen(at);
      case BLURS -> new Portraits(canvas, random, width, height).blurs(at);
      case TEXT -> text(canvas, random, at);
      case STREET -> street(canvas, random, at);
      case PEOPLE -> {
        int figures = 1 + random.nextInt(4);
        for (int i = 0; i < figures; i++) {
          figure(canvas, random, at);
        }
      }
    }
  }

  /** A rectangle of two tones, too long to be a square. */
  private void patch(Canvas canvas, SplittableRandom random, double least, double most, double x) {
    double x0 = random.nextDouble(-0.5, width + 0.5) + x;
    double y0 = random.nextDouble(-0.1, height);
    double length = random.nextDouble(least, most);
    double breadth = length / random.nextDouble(1.8, 4);
    boolean lies = random.nextBoolean();
    double x1 = x0 + (lies ? length : breadth);
    double y1 = y0 + (lies ? breadth : length);
    int tone = any(random);
    canvas.box(x0, y0, x1, y1, tone);
    canvas.box(
        x0, y0, x0 + (x1 - x0) * random.nextDouble(), y1, Tones.mixed(tone, any(random), 0.4));
  }

  private void leaf(Canvas canvas, SplittableRandom random, int tone, double at) {
    double sway = 0.01 * Math.sin(3 * at + random.nextDouble(6));
    double x = random.nextDouble(width) + sway;
    double y = random.nextDouble(height);
    double rx = random.nextDouble(0.01, 0.06);
    double ry = random.nextDouble(0.01, 0.06);
    canvas.ellipse(x, y, rx, ry, Tones.mixed(tone, any(random), 0.35));
  }

  private void text(Canvas canvas, SplittableRandom random, double at) {
    int paper = Tones.ofHsv(random.nextDouble(360), 0.1, random.nextBoolean() ? 0.92 : 0.12);
    int ink = Tones.mixed(paper, Tones.red(paper) > 128 ? 0 : 0xffffff, 0.85);
    canvas.box(0, 0, width, height, paper);
    double line = random.nextDouble(0.04, 0.11);
    double roll = random.nextBoolean() ? at * 0.05 : 0;
    for (double y = 0.04; y < height + line; y += line) {
      double end = width * random.nextDouble(0.4, 0.95);
      for (double x = 0.05; x < end; x += line * random.nextDouble(0.2, 0.55)) {
        double w = line * random.nextDouble(0.06, 0.32);
        double drop = random.nextDouble() < 0.3 ? 0.15 : 0;
        canvas.box(x, y - roll, x + w, y + line * (0.5 + drop) - roll, ink);
        if (random.nextBoolean()) {
          canvas.box(x + w * 0.3, y + line * 0.15 - roll, x + w, y + line * 0.3 - roll, paper);
        }
      }
    }
  }

  private void street(Canvas canvas, SplittableRandom random, double at) {
    double horizon = height * random.nextDouble(0.0, 0.5);
    int road = Tones.ofHsv(30, random.nextDouble(0.15), random.nextDouble(0.25, 0.6));
    canvas.box(0, horizon, width, height, road);
    for (int i = 0; i < 5; i++) {
      double x = width * i / 5 + 0.06;
      canvas.box(x, height * 0.8, x + 0.1, height * 0.8 + 0.015, 0xd8d8d0);
    }
    int cars = 1 + random.nextInt(5);
    for (int i = 0; i < cars; i++) {
      double y = random.nextDouble(horizon, height);
      double size = 0.05 + 0.12 * (y - horizon) / (height - horizon + 1e-6);
      double speed = random.nextDouble(-0.3, 0.3);
      double x = random.nextDouble(width) + speed * (at - seconds / 2);
      car(canvas, random, x, y, size);
    }
  }

  private static void car(Canvas canvas, SplittableRandom random, double x, double y, double size) {
    int body = any(random);
    int dark = Tones.mixed(body, 0, 0.55);
    canvas.ellipse(x, y + 0.5 * size, 1.3 * size, 0.15 * size, 0x202020);
    canvas.box(x - 1.2 * size, y - 0.1 * size, x + 1.2 * size, y + 0.4 * size, body);
    canvas.box(x - 0.7 * size, y - 0.5 * size, x + 0.6 * size, y - 0.05 * size, dark);
    canvas.box(x - 0.6 * size, y - 0.42 * size, x - 0.1 * size, y - 0.1 * size, 0x9fb4c0);
    canvas.box(x, y - 0.42 * size, x + 0.5 * size, y - 0.1 * size, 0x8fa4b0);
    canvas.box(x - 1.2 * size, y + 0.25 * size, x + 1.2 * size, y + 0.4 * size, dark);
    canvas.ellipse(x - 0.7 * size, y + 0.42 * size, 0.22 * size, 0.22 * size, 0x181818);
    canvas.ellipse(x + 0.7 * size, y + 0.42 * size, 0.22 * size, 0.22 * size, 0x181818);
  }

  private void figure(Canvas canvas, SplittableRandom random, double at) {
    double size = random.nextDouble(0.12, 0.35);
    double x = random.nextDouble(width) + random.nextDouble(-0.15, 0.15) * (at - seconds / 2);
    double y = random.nextDouble(0.2, 1) * height - 0.3 * size;
    int skin =
        Tones.ofHsv(
            random.nextDouble(15, 35), random.nextDouble(0.25, 0.6), random.nextDouble(0.35, 0.95));
    int shirt = any(random);
    int trousers = Tones.mixed(any(random), 0x303038, 0.6);
    double step = 0.12 * size * Math.sin(6 * at + random.nextDouble(6));
    canvas.box(x - 0.16 * size + step, y + 0.3 * size, x - 0.02 * size + step, y + size, trousers);
    canvas.box(x + 0.02 * size - step, y + 0.3 * size, x + 0.16 * size - step, y + size, trousers);
    canvas.ellipse(x, y, 0.22 * size, 0.4 * size, shirt);
    canvas.box(x - 0.3 * size, y - 0.2 * size, x - 0.2 * size, y + 0.25 * size, shirt);
    canvas.box(x + 0.2 * size, y - 0.2 * size, x + 0.3 * size, y + 0.25 * size, shirt);
    canvas.ellipse(x, y - 0.55 * size, 0.15 * size, 0.19 * size, skin);
    canvas.ellipse(x, y - 0.66 * size, 0.15 * size, 0.1 * size, Tones.mixed(skin, 0x100808, 0.85));
  }

  private static int any(SplittableRandom random) {
    return Tones.ofHsv(random.nextDouble(360), random.nextDouble(0.9), random.nextDouble(0.1, 1));
  }
}
