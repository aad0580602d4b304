package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Colour, shape, count and presence. */
final class LookQuestions {
  private final Asking asking;

  private LookQuestions(Asking asking) {
    this.asking = asking;
  }

  static void ask(Asking asking) {
    LookQuestions questions = new LookQuestions(asking);
    for (Sighting sighting : asking.seen()) {
      questions.colour(sighting);
      questions.shape(sighting);
    }
    asking.onlyMover().ifPresent(questions::mover);
    questions.count();
    questions.present();
    questions.absent();
  }

  private void colour(Sighting sighting) {
    if (sighting.colours().size() != 1) {
      return;
    }
    String colour = sighting.colours().iterator().next().word();
    asking
        .naming(sighting, one -> one.colour().isEmpty())
        .ifPresent(
            name ->
                asking.ask(
                    QuestionType.COLOUR,
                    Wording.COLOUR.put(asking.random(), name),
                    colour,
                    Answers.COLOURS));
  }

  private void shape(Sighting sighting) {
    asking
        .naming(sighting, one -> one.shape().isEmpty())
        .ifPresent(
            name ->
                asking.ask(
                    QuestionType.SHAPE,
                    Wording.SHAPE.put(asking.random(), name),
                    sighting.look().shape().word(),
                    Answers.SHAPES));
  }

  private void mover(Sighting sighting) {
    String shape = sighting.look().shape().word();
    asking.ask(
        QuestionType.SHAPE, Wording.MOVING_SHAPE.put(asking.random()), shape, Answers.SHAPES);
    if (sighting.colours().size() == 1) {
      asking.ask(
          QuestionType.COLOUR,
          Wording.MOVING_COLOUR.put(asking.random()),
          sighting.colours().iterator().next().word(),
          Answers.COLOURS);
    }
  }

  /** One of each number that can be asked for, so that small ones are not more frequent. */
  private void count() {
    TreeMap<Integer, List<Description>> byNumber = new TreeMap<>();
    for (Description one : kinds()) {
      number(one).ifPresent(n -> byNumber.computeIfAbsent(n, _ -> new ArrayList<>()).add(one));
    }
    byNumber.remove(0);
    if (byNumber.size() > 1 && asking.random().nextInt(3) > 0) {
      byNumber.remove(1);
    }
    for (var entry : byNumber.entrySet()) {
      asking.any(entry.getValue()).ifPresent(one -> count(one, entry.getKey()));
    }
    if (asking.random().nextInt(4) == 0) {
      asking.any(missing()).ifPresent(one -> count(one, 0));
    }
  }

  private void count(Description one, int number) {
    asking.ask(
        QuestionType.COUNT,
        Wording.COUNT.put(asking.random(), one.plural()),
        String.valueOf(number),
        Answers.COUNTS);
  }

  private static List<Description> kinds() {
    List<Description> kinds = new ArrayList<>();
    kinds.add(Description.anything());
    for (Shape shape : Shape.values()) {
      kinds.add(Description.of(shape));
    }
    for (Colour colour : Colour.values()) {
      kinds.add(Description.of(colour));
    }
    return kinds;
  }

  /** How many there are, if all of them are in sight at once and nothing is in doubt. */
  private Optional<Integer> number(Description one) {
    List<Sighting> all = asking.facts().sightings().stream().filter(one::couldFit).toList();
    boolean sure = all.stream().allMatch(one::fits);
    for (int i = 0; i < asking.facts().times().size() && sure; i++) {
      int frame = i;
      if (all.stream().allMatch(sighting -> sighting.moments().get(frame).clear())) {
        return Optional.of(all.size());
      }
    }
    return Optional.empty();
  }

  private List<Description> missing() {
    return kinds().stream()
        .filter(one -> asking.facts().sightings().stream().noneMatch(one::couldFit))
        .toList();
  }

  private void present() {
    List<Description> there = new ArrayList<>();
    for (Sighting sighting : asking.seen()) {
      Description.full(sighting).ifPresent(there::add);
      Description.full(sighting)
          .flatMap(Description::colour)
          .map(Description::of)
          .ifPresent(there::add);
      there.add(Description.of(sighting.look().shape()));
    }
    asking.any(there).ifPresent(one -> presence(one, true));
  }

  /** As often as what is there; mostly with a colour or a shape that something else has. */
  private void absent() {
    List<Description> absent = new ArrayList<>(missing());
    for (Shape shape : Shape.values()) {
      for (Colour colour : Colour.values()) {
        Description one = Description.of(colour, shape);
        if (asking.facts().sightings().stream().noneMatch(one::couldFit)) {
          absent.add(one);
        }
      }
    }
    absent.sort(Comparator.comparingInt(one -> -likeness(one)));
    int near = (int) absent.stream().filter(one -> likeness(one) > 0).count();
    boolean hard = near > 0 && asking.random().nextInt(3) > 0;
    asking.any(hard ? absent.subList(0, near) : absent).ifPresent(one -> presence(one, false));
  }

  private int likeness(Description one) {
    int most = 0;
    for (Sighting sighting : asking.facts().sightings()) {
      boolean shape = one.shape().equals(Optional.of(sighting.look().shape()));
      boolean colour = one.colour().map(sighting.colours()::contains).orElse(false);
      most = Math.max(most, shape || colour ? 1 : 0);
    }
    return most;
  }

  private void presence(Description one, boolean there) {
    asking.ask(
        QuestionType.PRESENCE,
        Wording.PRESENCE.put(asking.random(), one.indefinite()),
        Answers.yes(there),
        Answers.YES_NO);
  }
}
