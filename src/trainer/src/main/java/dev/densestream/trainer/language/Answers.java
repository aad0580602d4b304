package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Direction;
import dev.densestream.trainer.world.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The answers there are, by what is asked for. */
final class Answers {
  static final String UNKNOWN = "I do not know";
  static final List<String> COLOURS = Arrays.stream(Colour.values()).map(Colour::word).toList();
  static final List<String> SHAPES = Arrays.stream(Shape.values()).map(Shape::word).toList();
  static final List<String> COUNTS = List.of("0", "1", "2", "3", "4", "5");
  static final List<String> PLACES =
      List.of("top left", "top right", "bottom left", "bottom right", "middle");
  static final List<String> SIDES = List.of("left", "right");
  static final List<String> HALVES = List.of("top", "bottom");
  static final List<String> LEVELS = List.of("above", "below");
  static final String NOWHERE = "nowhere";
  static final List<String> DIRECTIONS =
      Stream.concat(Arrays.stream(Direction.values()).map(Direction::word), Stream.of(NOWHERE))
          .toList();
  static final List<String> YES_NO = List.of("yes", "no");
  static final List<String> ASPECTS = List.of("colour", "size", "place", "nothing");
  static final List<String> GROWTH = List.of("grow", "shrink");
  static final String NOTHING = "nothing";

  private Answers() {}

  static String yes(boolean right) {
    return right ? "yes" : "no";
  }
}
