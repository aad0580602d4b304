package dev.densestream.trainer.world;

/** The unsteady hand: a smooth displacement of the whole picture. */
final class Shake {
  private final double reach;
  private final double phase;

  Shake(Camera camera) {
    this.reach = camera.shake();
    this.phase = (camera.seed() & 0xffff) / 1000.0;
  }

  double x(double seconds) {
    return reach * wobble(seconds, 0);
  }

  double y(double seconds) {
    return reach * wobble(seconds, 31);
  }

  /** From -1 to 1. */
  private double wobble(double seconds, double other) {
    double at = phase + other;
    return 0.6 * Math.sin(5.1 * seconds + at) + 0.4 * Math.sin(11.7 * seconds + 2.3 * at);
  }
}
