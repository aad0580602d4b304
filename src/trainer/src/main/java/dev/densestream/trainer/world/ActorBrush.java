package dev.densestream.trainer.world;

/** Paints one object, its edges blended over a pixel or as rough as the pixels. */
final class ActorBrush {
  private final Actor actor;
  private final Style style;
  private final Outline.Edge edge;
  private final Surface surface;
  private final double cos;
  private final double sin;

  ActorBrush(Actor actor) {
    this.actor = actor;
    this.style = actor.look().style();
    this.edge = style.outline().edge();
    this.surface = new Surface(actor.look().texture(), style.pattern());
    this.cos = Math.cos(actor.look().tilt());
    this.sin = Math.sin(actor.look().tilt());
  }

  void draw(Canvas canvas, double seconds, double shakeX, double shakeY) {
    Keyframe at = actor.at(seconds);
    double radius = at.radius() * canvas.scale();
    double column = canvas.column(at.x() + shakeX);
    double row = canvas.row(at.y() + shakeY);
    Tint tint = new Tint(actor.paint(seconds).rgb(), radius);
    int lastRow = (int) Math.min(canvas.height() - 1.0, row + radius + 1);
    int lastColumn = (int) Math.min(canvas.width() - 1.0, column + radius + 1);
    for (int r = (int) Math.max(0, row - radius - 1); r <= lastRow; r++) {
      double v = (r + 0.5 - row) / radius;
      for (int c = (int) Math.max(0, column - radius - 1); c <= lastColumn; c++) {
        double u = (c + 0.5 - column) / radius;
        double x = cos * u + sin * v;
        double y = cos * v - sin * u;
        double distance = edge.distance(x, y);
        double share = covered(distance, radius);
        if (share > 0) {
          canvas.mix(c, r, tint.at(x, y, distance), share);
        }
      }
    }
  }

  private double covered(double distance, double radius) {
    return style.hard() ? (distance <= 0 ? 1 : 0) : Math.clamp(0.5 - distance * radius, 0.0, 1.0);
  }

  /** The object's tones at a moment. */
  private final class Tint {
    private final int first;
    private final int second;
    private final int border;
    private final double radius;

    private Tint(int rgb, double radius) {
      this.first = rgb;
      this.second = style.pattern().shade(rgb);
      this.border = style.border().tone(rgb);
      this.radius = radius;
    }

    private int at(double x, double y, double distance) {
      double other = surface.second(x, y, 1 / radius);
      int tone = other == 0 ? first : Tones.mixed(first, second, other);
      double line = Math.clamp((distance + style.border().width()) * radius + 0.5, 0.0, 1.0);
      return style.border().width() == 0 || line == 0 ? tone : Tones.mixed(tone, border, line);
    }
  }
}
