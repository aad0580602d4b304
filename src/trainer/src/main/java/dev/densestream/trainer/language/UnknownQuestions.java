package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What nobody can answer: about things that are not there, or about footage of something else. */
final class UnknownQuestions {
  private static final int FOREIGN = 4;
  private static final List<Shape> SHAPES = Arrays.asList(Shape.values());
  private static final List<Colour> COLOURS = Arrays.asList(Colour.values());
  private static final List<Wording> OF_ONE =
      List.of(
          Wording.COLOUR,
          Wording.DIRECTION,
          Wording.SIDE,
          Wording.PLACE,
          Wording.CHANGES,
          Wording.HALF,
          Wording.BECOMES);

  private UnknownQuestions() {}

  /** One about an object that is not in the scene. */
  static void absent(Asking asking) {
    List<Description> absent = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      Description one = Description.of(shape);
      List<Sighting> all = asking.facts().sightings();
      if (all.stream().noneMatch(one::couldFit)) {
        absent.add(one);
      }
    }
    asking.any(absent).ifPresent(one -> put(asking, asking.any(OF_ONE).orElseThrow(), one.text()));
  }

  /** Several of all kinds. */
  static void foreign(Asking asking) {
    for (int i = 0; i < FOREIGN; i++) {
      Shape shape = asking.any(SHAPES).orElseThrow();
      Colour colour = asking.any(COLOURS).orElseThrow();
      Description one =
          switch (asking.random().nextInt(3)) {
            case 0 -> Description.of(shape);
            case 1 -> Description.of(colour);
            default -> Description.of(colour, shape);
          };
      foreign(asking, one);
    }
  }

  private static void foreign(Asking asking, Description one) {
    Wording wording = asking.any(Arrays.asList(Wording.values())).orElseThrow();
    switch (wording) {
      case COUNT -> put(asking, wording, one.plural());
      case PRESENCE -> put(asking, wording, one.indefinite());
      case FIRST, LAST -> {
        String other = "the " + asking.any(SHAPES).orElseThrow().word() + " grows";
        put(asking, wording, "the " + one.text() + " stops", other);
      }
      default -> put(asking, wording, one.text(), asking.any(SHAPES).orElseThrow().word());
    }
  }

  private static void put(Asking asking, Wording wording, Object... names) {
    List<String> choices = new ArrayList<>(choices(wording));
    choices.add(Answers.UNKNOWN);
    asking.ask(QuestionType.UNKNOWN, wording.put(asking.random(), names), Answers.UNKNOWN, choices);
  }

  /** What could be answered if it could be seen. */
  private static List<String> choices(Wording wording) {
    return switch (wording) {
      case COLOUR, MOVING_COLOUR, BECOMES, BECAME -> Answers.COLOURS;
      case SHAPE, MOVING_SHAPE, MOVER, FIRST, LAST, FIRST_MOVER -> Answers.SHAPES;
      case COUNT -> Answers.COUNTS;
      case PLACE, PLACE_AT_END, PLACE_AT_START -> Answers.PLACES;
      case SIDE, BESIDE, SIDEWAYS -> Answers.SIDES;
      case HALF -> Answers.HALVES;
      case OVER -> Answers.LEVELS;
      case UPRIGHT -> List.of("up", "down");
      case DIRECTION -> Answers.DIRECTIONS;
      case MOVES, PRESENCE -> Answers.YES_NO;
      case CHANGES -> Answers.ASPECTS;
      case GROWTH -> Answers.GROWTH;
    };
  }
}
