package dev.densestream.trainer.world;

import java.util.List;
import java.util.SplittableRandom;

/** Chooses backgrounds that objects stand out from. */
final class Backgrounds {
  private static final int ATTEMPTS = 60;

  /** As often as they are there. */
  private static final List<Background.Kind> USUAL =
      List.of(
          Background.Kind.PLAIN,
          Background.Kind.PLAIN,
          Background.Kind.PLAIN,
          Background.Kind.GRADIENT,
          Background.Kind.GRADIENT,
          Background.Kind.NOISE,
          Background.Kind.NOISE,
          Background.Kind.PHOTO,
          Background.Kind.PHOTO,
          Background.Kind.PHOTO,
          Background.Kind.RADIAL,
          Background.Kind.BANDS,
          Background.Kind.TILES,
          Background.Kind.LATTICE);

  /** Smallest distance between an object's tones and the background's, of 441. */
  private static final double CONTRAST = 110;

  private final SplittableRandom random;

  Backgrounds(SplittableRandom random) {
    this.random = random;
  }

  /** One that every object can be told from; the best found where none is good enough. */
  Background behind(List<Actor> actors) {
    Background best = candidate();
    double most = contrast(best, actors);
    for (int attempt = 0; attempt < ATTEMPTS && most < CONTRAST; attempt++) {
      Background other = candidate();
      double contrast = contrast(other, actors);
      if (contrast > most) {
        best = other;
        most = contrast;
      }
    }
    return best;
  }

  /** One of strong contrasts, as of real places. */
  Background strong() {
    Background.Kind kind =
        random.nextInt(4) == 0 ? Background.Kind.GRADIENT : Background.Kind.PHOTO;
    return new Background(kind, tone(0.7), tone(0.7), random.nextLong());
  }

  private Background candidate() {
    Background.Kind kind = Choice.of(USUAL, random);
    int first =
        switch (random.nextInt(8)) {
          case 0 -> Tones.ofHsv(0, 0, random.nextDouble(0.92, 1));
          case 1 -> Tones.ofHsv(0, 0, random.nextDouble(0, 0.08));
          default -> tone(0.5);
        };
    int second = Tones.mixed(first, tone(0.5), random.nextDouble(0.3, 0.7));
    return new Background(kind, first, second, random.nextLong());
  }

  /** Muted, so that it is not one of the colours that are asked about. */
  private int tone(double saturation) {
    return Tones.ofHsv(
        random.nextDouble(360), random.nextDouble(saturation), random.nextDouble(0.1, 0.9));
  }

  private static double contrast(Background background, List<Actor> actors) {
    double least = 441;
    int middle = Tones.mixed(background.first(), background.second(), 0.5);
    for (Actor actor : actors) {
      for (Paint paint : actor.paints()) {
        least = Math.min(least, Tones.distance(paint.rgb(), background.first()));
        least = Math.min(least, Tones.distance(paint.rgb(), background.second()));
        least = Math.min(least, Tones.distance(paint.rgb(), middle));
      }
    }
    return least;
  }
}
