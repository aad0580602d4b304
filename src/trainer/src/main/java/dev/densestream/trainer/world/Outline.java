package dev.densestream.trainer.world;

import java.util.SplittableRandom;

/**
 * The edge of an object of a shape, as different hands draw it: a signed distance inside a circle
 * of radius 1, negative inside the edge.
 *
 * @param proportion what makes one of a shape different from another: inner radius of a star, arm
 *     of a cross, hole of a ring, breadth of a diamond, half side of a square, radius of a circle;
 *     a triangle's half angle at the top, in radians
 * @param points of a star
 * @param lean of a triangle's top, radians
 * @param turn radians
 * @param rounding radius of the corners
 */
record Outline(
    Shape shape, double proportion, int points, double lean, double turn, double rounding) {
  private static final double REACH = 0.94;

  /** As most would draw it. */
  static Outline usual(Shape shape) {
    double proportion =
        switch (shape) {
          case CIRCLE -> 0.9;
          case SQUARE -> 0.8;
          case TRIANGLE -> Math.PI / 6;
          case STAR -> 0.43;
          case CROSS -> 0.31;
          case DIAMOND -> 0.72;
          case RING -> 0.44;
        };
    return new Outline(shape, proportion, 5, 0, 0, 0);
  }

  /** As somebody else might. */
  static Outline varied(Shape shape, SplittableRandom random) {
    double rounding = random.nextInt(4) == 0 ? random.nextDouble(0.02, 0.12) : 0;
    double share = random.nextDouble();
    return switch (shape) {
      case CIRCLE -> new Outline(shape, 0.84 + 0.14 * share, 0, 0, 0, 0);
      case SQUARE -> new Outline(shape, 0.72 + 0.12 * share, 0, 0, 0, rounding);
      case CROSS -> new Outline(shape, 0.19 + 0.19 * share, 0, 0, 0, rounding / 2);
      case RING -> new Outline(shape, 0.32 + 0.34 * share, 0, 0, 0, 0);
      case DIAMOND -> {
        double turn = random.nextInt(6) == 0 ? Math.PI / 2 : 0;
        yield new Outline(shape, 0.56 + 0.4 * share, 0, 0, turn, rounding);
      }
      case STAR -> star(share, random);
      case TRIANGLE -> triangle(share, rounding, random);
    };
  }

  /** Five points mostly; the more there are, the shorter they are. */
  private static Outline star(double share, SplittableRandom random) {
    int points = new int[] {5, 5, 5, 5, 5, 6, 6, 4, 7, 8}[random.nextInt(10)];
    double least = 0.34 + 0.045 * (points - 4);
    double turn = random.nextInt(4) == 0 ? random.nextDouble(0, 2 * Math.PI) : 0;
    return new Outline(Shape.STAR, least + 0.13 * share, points, 0, turn, 0);
  }

  private static Outline triangle(double share, double rounding, SplittableRandom random) {
    double half = Math.toRadians(26 + 8 * share);
    double lean = 0;
    switch (random.nextInt(7)) {
      case 0 -> half = Math.toRadians(18 + 20 * share);
      case 1 -> lean = Math.toRadians(45 * (random.nextBoolean() ? 1 : -1));
      case 2 -> lean = Math.toRadians(50 * share - 25);
      default -> {}
    }
    double turn =
        switch (random.nextInt(10)) {
          case 0 -> Math.PI / 2;
          case 1 -> -Math.PI / 2;
          case 2 -> Math.PI;
          case 3 -> random.nextDouble(0, 2 * Math.PI);
          default -> 0;
        };
    // Leaning that far it has a right angle, if the one at the top is half of one.
    double atTop = Math.abs(lean) > 0.7 ? Math.PI / 8 : half;
    return new Outline(Shape.TRIANGLE, atTop, 0, lean, turn, rounding);
  }

  /** What measures distances to it; made once for many. */
  Edge edge() {
    return switch (shape) {
      case CIRCLE -> (x, y) -> Math.sqrt(x * x + y * y) - proportion;
      case RING -> {
        double middle = (0.92 + proportion) / 2;
        double half = (0.92 - proportion) / 2;
        yield (x, y) -> Math.abs(Math.sqrt(x * x + y * y) - middle) - half;
      }
      case SQUARE, TRIANGLE, STAR, CROSS, DIAMOND -> polygon(Polygon.turned(corners(), turn));
    };
  }

  private Edge polygon(double[] corners) {
    double core = 1 - rounding;
    return (x, y) -> core * Polygon.distance(corners, x / core, y / core) - rounding;
  }

  private double[] corners() {
    double p = proportion;
    double r = REACH;
    return switch (shape) {
      case SQUARE -> new double[] {-p, -p, p, -p, p, p, -p, p};
      case DIAMOND -> new double[] {0, -1, p, 0, 0, 1, -p, 0};
      case CROSS ->
          new double[] {
            -p, -r, p, -r, p, -p, r, -p, r, p, p, p, p, r, -p, r, -p, p, -r, p, -r, -p, -p, -p
          };
      case STAR -> Polygon.star(points, p);
      // An angle on a circle is half of that at the circle's centre.
      case TRIANGLE ->
          Polygon.onCircle(-Math.PI / 2 + lean, Math.PI / 2 - 2 * p, Math.PI / 2 + 2 * p);
      case CIRCLE, RING -> throw new IllegalStateException(shape + " has no corners");
    };
  }

  /** Signed distance at a place. */
  interface Edge {
    double distance(double x, double y);
  }
}
