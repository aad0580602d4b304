package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/** Living and drawn beings, screens, and lights out of focus: nothing of the world. */
final class Portraits {
  private final Canvas canvas;
  private final SplittableRandom random;
  private final double width;
  private final double height;

  /**
   * Draws from a generator that gives the same in every frame.
   *
   * @param width of the scene
   * @param height of the scene
   */
  Portraits(Canvas canvas, SplittableRandom random, double width, double height) {
    this.canvas = canvas;
    this.random = random;
    this.width = width;
    this.height = height;
  }

  /** One with a body, limbs, a head and ears, which sways. */
  void creature(double at) {
    double size = random.nextDouble(0.25, 0.6);
    double x = width * random.nextDouble(0.25, 0.75) + 0.05 * Math.sin(2 * at);
    double y = height * random.nextDouble(0.45, 0.75);
    int fur =
        Tones.ofHsv(random.nextDouble(360), random.nextDouble(0.5), random.nextDouble(0.3, 0.9));
    int belly = Tones.mixed(fur, 0xffffff, 0.35);
    double wave = 0.1 * Math.sin(4 * at + random.nextDouble(6));
    for (int side = -1; side <= 1; side += 2) {
      canvas.ball(x + 0.2 * side * size, y + 0.55 * size, 0.14 * size, 0.22 * size, fur);
      canvas.ball(x + 0.42 * side * size, y - wave * side, 0.22 * size, 0.09 * size, fur);
      canvas.ball(x + 0.13 * side * size, y - 0.95 * size, 0.05 * size, 0.22 * size, fur);
    }
    canvas.ball(x, y, 0.36 * size, 0.5 * size, fur);
    canvas.ball(x, y + 0.08 * size, 0.24 * size, 0.34 * size, belly);
    head(x, y - 0.6 * size, 0.26 * size, fur);
  }

  /** Faces from near, with hair. */
  void faces(double at) {
    int people = 1 + random.nextInt(3);
    for (int i = 0; i < people; i++) {
      double size = random.nextDouble(0.12, 0.35);
      double x = width * (i + random.nextDouble(0.3, 0.7)) / people + 0.02 * Math.sin(at + i);
      double y = height * random.nextDouble(0.35, 0.6);
      int skin =
          Tones.ofHsv(
              random.nextDouble(12, 32),
              random.nextDouble(0.25, 0.6),
              random.nextDouble(0.3, 0.95));
      canvas.ball(x, y + 1.9 * size, 1.5 * size, 0.9 * size, any());
      canvas.box(x - 0.3 * size, y + 0.6 * size, x + 0.3 * size, y + 1.3 * size, skin);
      canvas.ball(x, y - 0.35 * size, 0.9 * size, 0.95 * size, Tones.mixed(any(), 0x181008, 0.8));
      head(x, y, size, skin);
    }
  }

  private void head(double x, double y, double size, int skin) {
    canvas.ball(x, y, 0.75 * size, size, skin);
    for (int side = -1; side <= 1; side += 2) {
      canvas.ellipse(x + 0.3 * side * size, y - 0.15 * size, 0.14 * size, 0.08 * size, 0xf0f0f0);
      canvas.ellipse(x + 0.3 * side * size, y - 0.15 * size, 0.06 * size, 0.07 * size, 0x201810);
    }
    canvas.ball(x, y + 0.15 * size, 0.1 * size, 0.2 * size, Tones.mixed(skin, 0xffffff, 0.15));
    canvas.ellipse(x, y + 0.5 * size, 0.28 * size, 0.07 * size, Tones.mixed(skin, 0x801818, 0.6));
  }

  /** Windows with bars and lines, or the bars that tune a receiver. */
  void screen(double at) {
    if (random.nextInt(3) == 0) {
      bars();
      return;
    }
    int desk = any();
    canvas.fill((x, y) -> Tones.mixed(desk, 0x101018, Math.clamp(y / height, 0.0, 1.0) * 0.7));
    int windows = 1 + random.nextInt(4);
    for (int i = 0; i < windows; i++) {
      double x = random.nextDouble(-0.1, 0.7) * width;
      double y = random.nextDouble(0, 0.6) * height;
      window(x, y, random.nextDouble(0.25, 0.6) * width, random.nextDouble(0.3, 0.7) * height, at);
    }
  }

  private void bars() {
    int[] tones = {0xc0c0c0, 0xc0c000, 0x00c0c0, 0x00c000, 0xc000c0, 0xc00000, 0x0000c0};
    for (int i = 0; i < tones.length; i++) {
      canvas.box(width * i / 7, 0, width * (i + 1) / 7, 0.7 * height, tones[i]);
      int grey = 36 * i;
      canvas.box(width * i / 7, 0.7 * height, width * (i + 1) / 7, height, grey * 0x010101);
    }
  }

  private void window(double x, double y, double w, double h, double at) {
    boolean dark = random.nextBoolean();
    int paper = dark ? 0x202428 : 0xf4f4f0;
    canvas.box(x, y, x + w, y + h, paper);
    canvas.box(x, y, x + w, y + 0.035, Tones.mixed(any(), 0x505860, 0.5));
    double line = random.nextDouble(0.02, 0.04);
    double shown = h * Math.min(1, 0.4 + 0.15 * at);
    for (double v = y + 0.05; v < y + shown - line; v += line) {
      double end = x + w * random.nextDouble(0.2, 0.95);
      int ink = Tones.mixed(paper, dark ? 0xffffff : 0x000000, random.nextDouble(0.3, 0.8));
      for (double u = x + 0.02; u < end; u += line * random.nextDouble(0.6, 2)) {
        canvas.box(u, v, Math.min(end, u + line * 0.5), v + 0.4 * line, ink);
      }
    }
  }

  /** Large soft spots that melt into each other. */
  void blurs(double at) {
    int spots = 4 + random.nextInt(8);
    for (int i = 0; i < spots; i++) {
      double x = random.nextDouble(width) + 0.03 * Math.sin(at + random.nextDouble(6));
      double y = random.nextDouble(height) + 0.03 * Math.cos(at + random.nextDouble(6));
      double radius = random.nextDouble(0.1, 0.4);
      int tone = any();
      for (double share = 1; share > 0.05; share -= 0.08) {
        canvas.glow(x, y, radius * share, tone, 0.13);
      }
    }
  }

  private int any() {
    return Tones.ofHsv(random.nextDouble(360), random.nextDouble(0.9), random.nextDouble(0.1, 1));
  }
}
