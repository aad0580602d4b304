package dev.densestream.trainer.world;

import java.util.List;
import java.util.random.RandomGenerator;

/** Picks one of several, each as likely as any other. */
final class Choice {
  static final List<Shape> SHAPES = List.of(Shape.values());
  static final List<Colour> COLOURS = List.of(Colour.values());
  static final List<Direction> DIRECTIONS = List.of(Direction.values());
  static final List<Texture> TEXTURES = List.of(Texture.values());

  private Choice() {}

  static <T> T of(List<T> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }
}
