package dev.densestream.trainer.world;

/** Paints one object, its edges blended over a pixel. */
final class ActorBrush {
  private ActorBrush() {}

  static void draw(Canvas canvas, Actor actor, double seconds, double shakeX, double shakeY) {
    Keyframe at = actor.at(seconds);
    double radius = at.radius() * canvas.scale();
    double column = canvas.column(at.x() + shakeX);
    double row = canvas.row(at.y() + shakeY);
    int first = actor.paint(seconds).rgb();
    int second = Tones.shade(first);
    double cos = Math.cos(actor.look().tilt());
    double sin = Math.sin(actor.look().tilt());
    int lastRow = (int) Math.min(canvas.height() - 1.0, row + radius + 1);
    int lastColumn = (int) Math.min(canvas.width() - 1.0, column + radius + 1);
    for (int r = (int) Math.max(0, row - radius - 1); r <= lastRow; r++) {
      double v = (r + 0.5 - row) / radius;
      for (int c = (int) Math.max(0, column - radius - 1); c <= lastColumn; c++) {
        double u = (c + 0.5 - column) / radius;
        double x = cos * u + sin * v;
        double y = cos * v - sin * u;
        double share = 0.5 - Outline.distance(actor.shape(), x, y) * radius;
        if (share > 0) {
          double other = Surface.second(actor.look().texture(), x, y, 1 / radius);
          int tone = other == 0 ? first : Tones.mixed(first, second, other);
          canvas.mix(c, r, tone, Math.min(1, share));
        }
      }
    }
  }
}
